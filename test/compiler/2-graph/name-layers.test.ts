import { describe, expect, it } from 'vitest';
import { codesOf, readBody } from '../../support/read-network.ts';

const namesOf = (body: string): string[] => readBody(body).graph!.layers.map(({ id }) => id);

describe('names of layers', () => {
  it('come from name:, else from the const, else from kind and ordinal', () => {
    const body =
      "const hidden = relu(dense(x, { units: 3 })); out = dense(relu(hidden, { name: 'third' }), { units: 2 });";
    expect(namesOf(body)).toEqual(['x', 'dense_1', 'hidden', 'third', 'dense_2']);
  });

  it('count the layers of a kind that the network has', () => {
    expect(namesOf('relu(x); const a = relu(x); out = dense(relu(a), { units: 2 });')).toEqual([
      'x',
      'a',
      'relu_2',
      'dense_1',
    ]);
  });

  it('get a number when a const is met again', () => {
    const body =
      'const step = y => { const main = relu(y); return main; }; out = dense(step(step(step(x))), { units: 2 });';
    expect(namesOf(body)).toEqual(['x', 'main', 'main_2', 'main_3', 'dense_1']);
  });

  it('give way to names that are written, wherever these stand', () => {
    const body =
      "const main = relu(x); const b = relu(main, { name: 'main' }); out = dense(b, { units: 2, name: 'main_2' });";
    expect(namesOf(body)).toEqual(['x', 'main_3', 'main', 'main_2']);
  });

  it('are taken from the const that made the layer, not from one that repeats it', () => {
    expect(namesOf('let y = relu(x); const copy = y; out = dense(copy, { units: 2 });')).toEqual([
      'x',
      'relu_1',
      'dense_1',
    ]);
  });

  it('are taken from the const that the result of a function is bound to', () => {
    expect(namesOf('const f = y => relu(y); const after = f(x); out = dense(after, { units: 2 });')).toEqual([
      'x',
      'after',
      'dense_1',
    ]);
  });

  it('leave out a const whose name is none for a layer', () => {
    expect(namesOf('const größe = relu(x); const $y = relu(größe); out = dense($y, { units: 2 });')).toEqual([
      'x',
      'relu_1',
      'relu_2',
      'dense_1',
    ]);
    expect(namesOf('const margins = dense(x, { units: 2 }); out = margins;')).toEqual(['x', 'dense_1']);
  });

  it('clash only when both are written', () => {
    expect(
      codesOf(readBody("const a = relu(x, { name: 'n' }); out = dense(relu(a, { name: 'n' }), { units: 2 });")),
    ).toEqual(['duplicate-name']);
    expect(codesOf(readBody("const n = relu(x); out = dense(relu(n, { name: 'n' }), { units: 2 });"))).toEqual([]);
  });
});

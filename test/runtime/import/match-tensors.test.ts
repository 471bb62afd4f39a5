import { describe, expect, it } from 'vitest';
import type { ParameterMeta } from '../../../runtime/contract.ts';
import { InputError } from '../../../runtime/errors.ts';
import type { SourceTensor } from '../../../runtime/import/checkpoint-source.ts';
import { matchTensors } from '../../../runtime/import/match-tensors.ts';
import { conv, dense, metaOf } from '../weights/net-meta.ts';

const net = (...parameters: ParameterMeta[][]) => metaOf('net.arch.ts', [1], parameters.flat());

const tensor = (name: string, shape: readonly number[], dtype: SourceTensor['dtype'] = 'F32'): SourceTensor => ({
  name,
  dtype,
  shape,
  floats: async () => new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** A dense layer in layout pytorch. */
const linear = (name: string, out: number, inputs: number): SourceTensor[] => [
  tensor(`${name}.weight`, [out, inputs]),
  tensor(`${name}.bias`, [out]),
];

const match = (
  tensors: SourceTensor[],
  meta: ReturnType<typeof net>,
  { ordered = true, map = {}, layout = 'pytorch' as 'pytorch' | 'tfjs' } = {},
) => matchTensors({ tensors, ordered }, meta, layout, map).matches.map(({ from, to }) => `${from.name} ${to.name}`);

const refusal = (run: () => unknown): string[] => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return String(error)
      .split('\n')
      .slice(1)
      .map(line => line.trim());
  }
  return expect.fail('nothing was refused');
};

const two = net(dense('a', [3, 3]), dense('b', [3, 3]));

describe('matchTensors', () => {
  it('takes equal names whatever their order', () => {
    expect(match([...linear('b', 3, 3), ...linear('a', 3, 3)], two)).toEqual([
      'a.weight a.weight',
      'a.bias a.bias',
      'b.weight b.weight',
      'b.bias b.bias',
    ]);
  });

  it('takes the order of a state dict when all shapes fit', () => {
    expect(match([...linear('fc2', 3, 3), ...linear('fc1', 3, 3)], two)[0]).toBe('fc2.weight a.weight');
  });

  it('takes indices as an order, 2 before 10', () => {
    const layers = [...linear('10', 3, 3), ...linear('2', 3, 3)];
    expect(match(layers, two, { ordered: false })[0]).toBe('2.weight a.weight');
    expect(match([...linear('1.1', 3, 3), ...linear('1.0.3', 3, 3)], two, { ordered: false })[0]).toBe(
      '1.0.3.weight a.weight',
    );
  });

  it('refuses layers of equal shape when names say nothing of order, and takes what --map says', () => {
    const layers = [...linear('fc1', 3, 3), ...linear('fc2', 3, 3)];
    expect(refusal(() => match(layers, two, { ordered: false }))).toEqual([
      'ambiguous: fc1, fc2 of the file and a, b of the network have the same shapes (bias [3], weight [3, 3]); say which is which: --map fc1=a and so on',
    ]);
    const swapped = { fc2: 'a', 'fc1.weight': 'b.weight', 'fc1.bias': 'b.bias' };
    expect(match(layers, two, { ordered: false, map: swapped })).toEqual([
      'fc2.weight a.weight',
      'fc2.bias a.bias',
      'fc1.weight b.weight',
      'fc1.bias b.bias',
    ]);
    expect(match(layers, two, { ordered: false, map: { fc2: 'a' } })[2]).toBe('fc1.weight b.weight');
  });

  it('takes shapes that only one layer has, in any order', () => {
    const meta = net(conv('c', [3, 3, 1, 2]), dense('d', [4, 2]));
    expect(
      match([...linear('x', 2, 4), tensor('y.weight', [2, 1, 3, 3]), tensor('y.bias', [2])], meta, { ordered: false }),
    ).toEqual(['y.weight c.weight', 'y.bias c.bias', 'x.weight d.weight', 'x.bias d.bias']);
  });

  it('leaves out prefixes that all names share, but not the name of a layer', () => {
    expect(match([...linear('model.module.b', 3, 3), ...linear('model.module.a', 3, 3)], two)[0]).toBe(
      'model.module.a.weight a.weight',
    );
    expect(match(linear('a', 3, 3), net(dense('a', [3, 3])))[0]).toBe('a.weight a.weight');
    expect(match(linear('0', 3, 3), net(dense('a', [3, 3])))[0]).toBe('0.weight a.weight');
    expect(match([...linear('net.0', 3, 3), ...linear('net.1', 3, 3)], two, { map: { 'net.1': 'a' } })[0]).toBe(
      'net.1.weight a.weight',
    );
  });

  it('matches tensors one by one when their names have no weight and bias', () => {
    const tensors = [tensor('w1', [3, 3]), tensor('b1', [3]), tensor('w2', [3, 3]), tensor('b2', [3])];
    expect(match(tensors, two)).toEqual(['w1 a.weight', 'b1 a.bias', 'w2 b.weight', 'b2 b.bias']);
  });

  it('lists all that does not fit', () => {
    const meta = net(conv('c', [3, 3, 1, 2]), dense('d', [4, 2]), dense('e', [2, 2]));
    const lines = refusal(() =>
      match(
        [
          tensor('c.weight', [2, 1, 5, 5]),
          tensor('c.bias', [2], 'I64'),
          ...linear('d', 2, 4),
          tensor('bn.running_mean', [2]),
        ],
        meta,
      ),
    );
    expect(lines).toEqual([
      'wrong shape: bn has running_mean [2] in the file; e has bias [2], weight [2, 2] in the network',
      'wrong shape: c.weight is [2, 1, 5, 5] in the file and [2, 1, 3, 3] in the network',
      'wrong type: c.bias is I64, and a weight is a floating-point number',
    ]);
  });

  it('names what is missing and what is left over', () => {
    expect(
      refusal(() => match([...linear('0', 3, 3), ...linear('2', 3, 3), ...linear('4', 2, 3)], net(dense('a', [3, 2])))),
    ).toEqual(['unexpected: 0 (bias [3], weight [3, 3])', 'unexpected: 2 (bias [3], weight [3, 3])']);
    expect(refusal(() => match(linear('a', 3, 3), two))).toEqual(['missing: b (bias [3], weight [3, 3])']);
  });

  it('shows the layer whose shape differs beside the one in its place', () => {
    expect(refusal(() => match([...linear('0', 3, 3), ...linear('2', 4, 3)], two))).toEqual([
      'wrong shape: 2 has bias [4], weight [4, 3] in the file; b has bias [3], weight [3, 3] in the network',
    ]);
    expect(refusal(() => match([tensor('0.weight', [3, 3]), ...linear('2', 3, 3)], two))).toEqual([
      'wrong shape: 0 has weight [3, 3] in the file; a has bias [3], weight [3, 3] in the network',
    ]);
  });

  it('says when the other layout fits', () => {
    const meta = net(dense('a', [4, 3]));
    expect(refusal(() => match(linear('a', 3, 4), meta, { layout: 'tfjs' })).at(-1)).toBe(
      'In layout pytorch everything fits: is --layout pytorch meant?',
    );
  });

  it('lists every --map that names nothing', () => {
    const run = () => match(linear('a', 3, 3), net(dense('a', [3, 3])), { map: { aa: 'a', a: 'bee' } });
    expect(run).toThrow('--map aa=a: the file has no aa; did you mean "a"?');
    expect(run).toThrow('--map a=bee: the network has no bee');
    expect(() => match([...linear('x', 3, 3), ...linear('y', 3, 3)], two, { map: { x: 'a', y: 'a' } })).toThrow(
      /a\.weight is mapped twice/,
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterMeta } from '../../../runtime/contract.ts';
import { convertLayout, gatherStrided, permuteAxes, shapeIn } from '../../../runtime/weights/layout.ts';

const kernel: ParameterMeta = {
  name: 'c.weight',
  layer: 'c',
  role: 'conv2dKernel',
  shape: [2, 3, 4, 5],
  trainable: true,
};
const flat: ParameterMeta = {
  name: 'd.weight',
  layer: 'd',
  role: 'denseKernel',
  shape: [24, 5],
  trainable: true,
  flattened: [2, 3, 4],
};
const plain: ParameterMeta = { name: 'd.weight', layer: 'd', role: 'denseKernel', shape: [3, 2], trainable: true };
const bias: ParameterMeta = { name: 'd.bias', layer: 'd', role: 'bias', shape: [5], trainable: true };

const counting = (length: number): Float32Array => Float32Array.from({ length }, (_, at) => at);

describe('shapeIn', () => {
  it('names axes as each framework does', () => {
    expect(shapeIn('pytorch', kernel)).toEqual([5, 4, 2, 3]);
    expect(shapeIn('pytorch', flat)).toEqual([5, 24]);
    expect(shapeIn('pytorch', bias)).toEqual([5]);
    expect(shapeIn('tfjs', kernel)).toEqual([2, 3, 4, 5]);
  });
});

describe('convertLayout', () => {
  it('transposes a dense kernel', () => {
    expect(convertLayout(Float32Array.of(1, 2, 3, 4, 5, 6), plain, 'tfjs', 'pytorch')).toEqual(
      Float32Array.of(1, 3, 5, 2, 4, 6),
    );
    expect(convertLayout(Float32Array.of(1, 3, 5, 2, 4, 6), plain, 'pytorch', 'tfjs')).toEqual(
      Float32Array.of(1, 2, 3, 4, 5, 6),
    );
  });

  it('puts entry [y, x, c, o] of a kernel at [o, c, y, x]', () => {
    const there = convertLayout(counting(120), kernel, 'tfjs', 'pytorch');
    const [y, x, c, o] = [1, 2, 3, 4];
    expect(there[((o * 4 + c) * 2 + y) * 3 + x]).toBe(((y * 3 + x) * 4 + c) * 5 + o);
  });

  it('puts the input [y, x, c] of a dense kernel behind a map at [c, y, x]', () => {
    const there = convertLayout(counting(120), flat, 'tfjs', 'pytorch');
    const [y, x, c, o] = [1, 0, 2, 3];
    expect(there[o * 24 + (c * 2 + y) * 3 + x]).toBe(((y * 3 + x) * 4 + c) * 5 + o);
  });

  it.each([kernel, flat, plain, bias])('comes back unchanged: $role $shape', parameter => {
    const size = parameter.shape.reduce((a, b) => a * b);
    for (const [from, to] of [
      ['tfjs', 'pytorch'],
      ['pytorch', 'tfjs'],
    ] as const) {
      const there = convertLayout(counting(size), parameter, from, to);
      expect(convertLayout(there, parameter, to, from)).toEqual(counting(size));
    }
  });
});

describe('permuteAxes', () => {
  it('is undone by the inverse order, for any rank', () => {
    const axes = (rank: number) => Array.from({ length: rank }, (_, axis) => axis);
    const cases = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }).chain(shape => {
      const order = fc.shuffledSubarray(axes(shape.length), { minLength: shape.length, maxLength: shape.length });
      return fc.tuple(fc.constant(shape), order);
    });
    fc.assert(
      fc.property(cases, ([shape, order]) => {
        const data = counting(shape.reduce((a, b) => a * b));
        const moved = permuteAxes(data, shape, order);
        const back = order.map((_, axis) => order.indexOf(axis));
        expect(
          permuteAxes(
            moved,
            order.map(axis => shape[axis]!),
            back,
          ),
        ).toEqual(data);
      }),
    );
  });
});

describe('gatherStrided', () => {
  it('reads no dimensions, none of something, and a repeated value', () => {
    expect(gatherStrided(counting(5), [], [], 3)).toEqual(Float32Array.of(3));
    expect(gatherStrided(counting(5), [0, 3], [3, 1], 0)).toEqual(new Float32Array());
    expect(gatherStrided(counting(5), [2, 2], [0, 2], 1)).toEqual(Float32Array.of(1, 3, 1, 3));
  });
});

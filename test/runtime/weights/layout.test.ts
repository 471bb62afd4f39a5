import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterMeta } from '../../../runtime/contract.ts';
import { convertLayout, gatherStrided, permuteAxes, shapeIn } from '../../../runtime/weights/layout.ts';
import { conv, dense } from './net-meta.ts';

const [kernel, bias] = conv('c', [2, 3, 4, 5]) as [ParameterMeta, ParameterMeta];
const [flat] = dense('d', [24, 5], [2, 3, 4]) as [ParameterMeta];
const [plain] = dense('d', [3, 2]) as [ParameterMeta];
/** Reads a flattened `[1, 2, 3]`, then two numbers, then a flattened `[2, 1, 2]`. */
const joined: ParameterMeta = {
  ...plain,
  shape: [12, 2],
  pytorch: {
    axes: [1, 0],
    inputs: {
      axis: 0,
      runs: [
        [2, 3],
        [1, 2],
        [2, 2],
      ],
    },
  },
};

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

  it('puts runs of entries side by side, each in its own order', () => {
    const there = convertLayout(counting(24), joined, 'tfjs', 'pytorch');
    // Of the first output, channel by channel: (0, 0) (0, 1), (1, 0) …; two numbers as they are; the second map.
    const rows = [0, 3, 1, 4, 2, 5, 6, 7, 8, 10, 9, 11];
    expect([...there]).toEqual([...rows.map(row => 2 * row), ...rows.map(row => 2 * row + 1)]);
  });

  it('refuses what has no order in PyTorch, in both directions', () => {
    const refused: ParameterMeta = { ...plain, pytorch: { axes: [1, 0], refused: 'sum (net.arch.ts:7) is odd' } };
    for (const [from, to] of [
      ['tfjs', 'pytorch'],
      ['pytorch', 'tfjs'],
    ] as const) {
      expect(() => convertLayout(counting(6), refused, from, to)).toThrow(
        'no order: sum (net.arch.ts:7) is odd, so no order of d.weight makes the network one of PyTorch',
      );
    }
    expect(convertLayout(counting(6), refused, 'tfjs', 'tfjs')).toEqual(counting(6));
  });

  it.each([kernel, flat, plain, bias, joined])('comes back unchanged: $name $shape', parameter => {
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

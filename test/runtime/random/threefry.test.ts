import { describe, expect, it } from 'vitest';
import { threefryFill } from '../../../runtime/random/threefry.ts';

function block(k0: number, k1: number, c0: number, c1: number): number[] {
  const words = new Uint32Array(2);
  threefryFill(k0, k1, c0, c1, words);
  return [...words];
}

describe('threefryFill', () => {
  // The three vectors "threefry 2x32 20" of the file kat_vectors that comes with the authors' library Random123.
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])('gives the published block for key %i %i, counter %i %i', (k0, k1, c0, c1, ...expected) => {
    expect(block(k0, k1, c0, c1)).toEqual(expected);
  });

  it('fills an odd number of words, counting blocks', () => {
    const words = new Uint32Array(5);
    threefryFill(1, 2, 0, 7, words);
    expect([...words]).toEqual([...block(1, 2, 0, 7), ...block(1, 2, 1, 7), block(1, 2, 2, 7)[0]]);
  });
});

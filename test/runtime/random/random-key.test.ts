import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { foldIn, keyFrom, randomWords } from '../../../runtime/random/random-key.ts';

describe('random keys', () => {
  it('keeps all 53 bits of a seed', () => {
    expect(keyFrom(0)).toEqual([0, 0]);
    expect(keyFrom(2 ** 32 + 5)).toEqual([1, 5]);
    expect(keyFrom(Number.MAX_SAFE_INTEGER)).toEqual([0x1fffff, 0xffffffff]);
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses the seed %f', seed => {
    expect(() => keyFrom(seed)).toThrow(InputError);
  });

  it('folds the same part to the same key and different parts to different keys', () => {
    const key = keyFrom(3);
    const parts = [0, 1, 2 ** 32, 'a', 'b', 'ab', 'a\0', '', 'conv1', 'conv10', 'conv1.weight', '1'];
    const keys = parts.map(part => foldIn(key, part).join());
    expect(new Set(keys).size).toBe(parts.length);
    expect(parts.map(part => foldIn(key, part).join())).toEqual(keys);
  });

  it('never folds two labels to one key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (first, second) => {
        fc.pre(new TextDecoder().decode(new TextEncoder().encode(first)) !== second);
        expect(foldIn([1, 2], first)).not.toEqual(foldIn([1, 2], second));
      }),
    );
  });

  it('does not use a draw as a key', () => {
    const words = randomWords([4, 5], 64);
    const [first, second] = foldIn([4, 5], 0);
    expect([...words]).not.toContain(first);
    expect([...words]).not.toContain(second);
  });

  it('starts a longer draw with the words of a shorter one', () => {
    expect([...randomWords([1, 2], 9).subarray(0, 5)]).toEqual([...randomWords([1, 2], 5)]);
  });
});

import { describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { foldIn, keyFrom } from '../../../runtime/random/random-key.ts';
import { augmented, checkAugmentation } from '../../../runtime/train/augment.ts';

const shape = [3, 4, 2] as const;
const image = Float32Array.from({ length: 24 }, (_, i) => i + 1);

/** The image moved down and to the right by hand, mirrored first if asked; what comes into view is 0. */
function movedByHand(down: number, right: number, mirrored: boolean): number[] {
  const [height, width, channels] = shape;
  return Array.from({ length: 24 }, (_, at) => {
    const [channel, x, y] = [at % channels, Math.floor(at / channels) % width, Math.floor(at / channels / width)];
    const [fromY, inView] = [y - down, x - right];
    if (fromY < 0 || fromY >= height || inView < 0 || inView >= width) return 0;
    return image[(fromY * width + (mirrored ? width - 1 - inView : inView)) * channels + channel]!;
  });
}

const many = (augmentation: { shift: number; flip: boolean }): string[] =>
  Array.from({ length: 400 }, (_, seed) => augmented(image, shape, augmentation, keyFrom(seed)).join());

describe('augmented', () => {
  it('makes every shift and mirroring that it may, and no other image', () => {
    const shifts = [-1, 0, 1];
    const expected = shifts.flatMap(down =>
      shifts.flatMap(right => [false, true].map(mirrored => movedByHand(down, right, mirrored).join())),
    );
    expect(new Set(many({ shift: 1, flip: true }))).toEqual(new Set(expected));
    expect(new Set(many({ shift: 0, flip: true }))).toEqual(
      new Set([movedByHand(0, 0, false), movedByHand(0, 0, true)].map(String)),
    );
  });

  it('moves each image of a batch by itself, the same way for the same key, and leaves its argument alone', () => {
    const batch = new Float32Array(24 * 50);
    for (let i = 0; i < 50; i++) batch.set(image, 24 * i);
    const before = batch.slice();
    const key = foldIn(keyFrom(3), 'augment');
    const moved = augmented(batch, shape, { shift: 1, flip: false }, key);
    expect(moved).toEqual(augmented(batch, shape, { shift: 1, flip: false }, key));
    expect(batch).toEqual(before);
    expect(new Set(Array.from({ length: 50 }, (_, i) => moved.subarray(24 * i, 24 * i + 24).join())).size).toBe(9);
  });

  it('is refused for what is no image, and for shifts out of view', () => {
    expect(() => checkAugmentation({ shift: 1, flip: false }, [6])).toThrow(InputError);
    expect(() => checkAugmentation({ shift: 3, flip: false }, shape)).toThrow(/3 by 4 pixels out of view/);
    expect(() => checkAugmentation({ shift: 2, flip: true }, shape)).not.toThrow();
  });
});

/** Random shifts and mirrorings of training images. The example that is proved robust is the moved one; certification never moves anything. */
import type { RandomKey } from '../contract.ts';
import { InputError } from '../errors.ts';
import { uniform } from '../random/draws.ts';

export interface Augmentation {
  /** Largest shift along each axis, in pixels; what comes into view is 0. */
  readonly shift: number;
  /** Mirrors left and right, one image in two. */
  readonly flip: boolean;
}

/** Raises `InputError` when examples of this shape cannot be moved so. */
export function checkAugmentation({ shift }: Augmentation, shape: readonly number[]): void {
  const [height = 0, width = 0] = shape;
  if (shape.length !== 3) {
    throw new InputError(
      `--augment moves images [height, width, channels], and the network reads [${shape.join(', ')}]: leave it out`,
    );
  }
  if (shift >= height || shift >= width) {
    throw new InputError(`--augment shift:${shift} can move an image of ${height} by ${width} pixels out of view`);
  }
}

/** Moved copies of `values`, `[count, height, width, channels]`, each image by its own draw from `key`. */
export function augmented(
  values: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  { shift, flip }: Augmentation,
  key: RandomKey,
): Float32Array {
  const row = width * channels;
  const size = height * row;
  const count = values.length / size;
  const draws = uniform(key, 3 * count);
  const moved = new Float32Array(values.length);
  for (let image = 0; image < count; image++) {
    const down = Math.floor(draws[3 * image]! * (2 * shift + 1)) - shift;
    const right = Math.floor(draws[3 * image + 1]! * (2 * shift + 1)) - shift;
    const mirrored = flip && draws[3 * image + 2]! < 0.5;
    for (let y = Math.max(0, down); y < height + Math.min(0, down); y++) {
      for (let x = Math.max(0, right); x < width + Math.min(0, right); x++) {
        const source = mirrored ? width - 1 - (x - right) : x - right;
        const from = image * size + (y - down) * row + source * channels;
        moved.set(values.subarray(from, from + channels), image * size + y * row + x * channels);
      }
    }
  }
  return moved;
}

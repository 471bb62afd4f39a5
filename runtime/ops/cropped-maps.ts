/** Maps without some rows and columns at their edges. */
import * as tf from '@tensorflow/tfjs-core';
import { copiedHere, copiesHere, runCopy } from './host-copies.ts';

/** Where what is kept begins, and its size. */
export interface Crop {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** `[n, H, W, C] → [n, height, width, C]`. The caller disposes the tensor. */
export function croppedMaps(maps: tf.Tensor, { top, left, height, width }: Crop): tf.Tensor {
  const [n, H, W, C] = maps.shape as [number, number, number, number];
  const shape: [number, number, number, number] = [n, height, width, C];
  if (!copiesHere()) return tf.slice(maps, [0, top, left, 0], shape);
  return copiedHere(maps, shape, (from, to) => {
    const copy = runCopy(from, to);
    for (let map = 0; map < n; map++)
      for (let row = 0; row < height; row++)
        copy(((map * H + top + row) * W + left) * C, (map * height + row) * width * C, width * C);
  });
}

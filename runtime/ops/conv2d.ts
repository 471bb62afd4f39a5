/** Convolution with the one kind of padding that every backend computes right: four explicit numbers (numeric pads and `'same'` do not). */
import * as tf from '@tensorflow/tfjs-core';
import { croppedMaps } from './cropped-maps.ts';

/** Rows and columns added before the convolution: `[top, bottom, left, right]`. */
export type FourPads = readonly [number, number, number, number];
/** Height, width. */
export type Pair = readonly [number, number];

/** How a layer slides its kernel over maps. */
export interface Sliding {
  readonly strides: Pair;
  readonly padding: FourPads;
}

/** The same with the sizes of the layer's input and kernel, for its adjoints. */
export interface LayerGeometry extends Sliding {
  readonly inputSize: Pair;
  readonly kernelSize: Pair;
}

/** `(x [n, H, W, C], kernel [kh, kw, C, F]) → [n, h, w, F]`. `dilations` are for strides of 1 only. */
export function conv2d(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, padding: [top, bottom, left, right] }: Sliding,
  dilations: Pair = [1, 1],
): tf.Tensor {
  const padding: [Edge, Edge, Edge, Edge] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  return tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, [...strides], padding, 'NHWC', [...dilations]);
}

type Edge = [number, number];

/**
 * The convolution where a negative padding takes rows or columns away instead. Null when it takes all of them: every window then lies on
 * padding. `dilations` are for strides of 1 only.
 */
export function croppedConv2d(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { strides, padding }: Sliding,
  dilations: Pair = [1, 1],
): tf.Tensor | null {
  const [, height, width] = x.shape as [number, number, number, number];
  const [top, bottom, left, right] = padding.map(pad => Math.max(0, -pad)) as [number, number, number, number];
  if (top + bottom >= height || left + right >= width) return null;
  const isCropped = top + bottom + left + right > 0;
  const kept = isCropped
    ? croppedMaps(x, { top, left, height: height - top - bottom, width: width - left - right })
    : x;
  const added = padding.map(pad => Math.max(0, pad)) as [number, number, number, number];
  const result = conv2d(kept, kernel, { strides, padding: added }, dilations);
  if (isCropped) kept.dispose();
  return result;
}

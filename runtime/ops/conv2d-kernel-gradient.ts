/**
 * The adjoint of a convolution for its kernel, as a convolution itself: the kernel `Conv2DBackpropFilter` is missing on wasm.
 * Channels become examples and examples channels; the output gradient is the filter, spread out by the strides:
 *
 *     gradient[i, j, c, f] = Σ_n Σ_o x[n, i + strides·o − pad, c] · y[n, o, f]
 */
import * as tf from '@tensorflow/tfjs-core';
import { croppedConv2d, type LayerGeometry } from './conv2d.ts';
import { examplesLast } from './examples-last.ts';

/** `(x [n, H, W, C], y [n, h, w, F]) → [kh, kw, C, F]`, where the geometry's `kernelSize` is `[kh, kw]`. */
export function conv2dKernelGradient(
  x: tf.Tensor,
  y: tf.Tensor,
  { kernelSize, strides, padding: [top, , left] }: Omit<LayerGeometry, 'inputSize'>,
): tf.Tensor {
  return tf.tidy(() => {
    const [, H, W, channels] = x.shape as [number, number, number, number];
    const [, h, w, filters] = y.shape as [number, number, number, number];
    // So much padding that the kernel's rows and columns come out; negative where the strides leave some of the input unread.
    const bottom = kernelSize[0] + (h - 1) * strides[0] - H - top;
    const right = kernelSize[1] + (w - 1) * strides[1] - W - left;
    const images = examplesLast(x);
    const spread = tf.transpose(y, [1, 2, 0, 3]);
    const gradient = croppedConv2d(images, spread, { strides: [1, 1], padding: [top, bottom, left, right] }, strides);
    return gradient === null ? tf.zeros([...kernelSize, channels, filters]) : tf.transpose(gradient, [1, 2, 0, 3]);
  });
}

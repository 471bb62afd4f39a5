/**
 * Weighted norms of maps that nothing else needs: `⟨weights, |Wᵀ y|⟩` for each row of a dual. Where the maps have few channels, as images
 * do, a transposed convolution that lays them out runs at a fraction of the speed of others and moves them more often than it computes. So a
 * whole block of pixels is computed as the channels of one convolution,
 *
 *     x[m·B + ρ] = Σ_o y[m·B/stride + o] · kernel[tap(ρ, o)]
 *
 * with taps of 0 where a pixel of the block does not read an output, and it is the weights that are brought into this order: there are
 * as many of them as a single row has pixels.
 */
import * as tf from '@tensorflow/tfjs-core';
import { croppedConv2d, type FourPads, type Pair } from './conv2d.ts';
import { derived } from './derived.ts';
import { inBlocks } from './map-blocks.ts';
import { type Blocks, blockOf, type KernelShape, reach, type TransposedGeometry, tapsOf } from './norm-blocks.ts';
import { rowNorms } from './rows.ts';
import { transposedConv2d } from './transposed-conv2d.ts';

/**
 * `rowNorms(transposedConv2d(y, kernel, geometry), weights, rows)`:
 * `(y [rows or groups·rows, h, w, F], kernel [kh, kw, C, F], weights [groups, H, W, C]) → [groups, rows]`.
 */
export function transposedConv2dNorms(
  y: tf.Tensor,
  kernel: tf.Tensor,
  weights: tf.Tensor,
  geometry: TransposedGeometry,
  rows: number,
): tf.Tensor {
  return tf.tidy(() => {
    const [, height, width] = y.shape as [number, number, number, number];
    const { strides } = geometry;
    const chosen = blockOf(kernel.shape as KernelShape, geometry);
    if (chosen === null) return rowNorms(transposedConv2d(y, kernel, geometry), weights, rows);
    const { down, across } = chosen;
    const steps: Pair = [down.phases.length / strides[0], across.phases.length / strides[1]];
    const padding: FourPads = [...reach(down, steps[0], height), ...reach(across, steps[1], width)];
    const blocks = croppedConv2d(y, blockKernel(kernel, geometry, chosen), { strides: steps, padding });
    // Every window then lies on padding.
    if (blocks === null) return tf.zeros([weights.shape[0]!, rows]);
    return rowNorms(blocks, inBlocks(weights, chosen), rows);
  });
}

/** `[taps, taps, F, high · wide · C]`: for each pixel of a block the entries of the kernel by the offset of the output, 0 where it reads none. */
function blockKernel(kernel: tf.Tensor, geometry: TransposedGeometry, blocks: Blocks): tf.Tensor {
  return derived(kernel, `blocks ${JSON.stringify(geometry)}`, () => tf.tidy(() => newBlockKernel(kernel, blocks)));
}

function newBlockKernel(kernel: tf.Tensor, { down, across, taps }: Blocks): tf.Tensor {
  const [kernelHeight, kernelWidth, channels, filters] = kernel.shape as KernelShape;
  const entries = tf.pad(tf.reshape(kernel, [kernelHeight * kernelWidth, channels * filters]), [
    [0, 1],
    [0, 0],
  ]);
  const inBlock = down.phases.length * across.phases.length * channels;
  const gathered = tf.reshape(tf.gather(entries, tf.tensor1d([...taps], 'int32')), [-1, inBlock, filters]);
  return tf.reshape(tf.transpose(gathered, [0, 2, 1]), [tapsOf(down.phases), tapsOf(across.phases), filters, inBlock]);
}

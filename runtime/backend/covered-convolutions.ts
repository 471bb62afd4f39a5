/** Whether the convolutions of a network are computed as a certificate assumes: every product formed and added. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta } from '../contract.ts';
import { EnvironmentError } from '../errors.ts';

/**
 * On a GPU, cuDNN chooses an algorithm for each shape of a convolution by measuring, and Winograd's and Fourier's are among them. Their
 * errors are not those that a certificate covers, and the self-test, on shapes of its own, cannot exclude them.
 * @throws EnvironmentError for a certificate with convolutions while TensorFlow computes on a GPU.
 */
export function requireCoveredConvolutions({ source, certify }: ModelMeta): void {
  const [convolution] = certify.convolutions;
  if (convolution === undefined || Reflect.get(tf.backend(), 'isUsingGpuDevice') !== true) return;
  throw new EnvironmentError(
    `${source} has convolutions (${convolution}), and on a GPU they may be computed by Winograd's or Fourier's method, whose ` +
      'errors no certificate of dualc covers: certify on a CPU, --backend native or wasm',
  );
}

/** How fast the current backend is at what certificates are made of. */
import * as tf from '@tensorflow/tfjs-core';
import type { RobustModel } from '../../../runtime/contract.ts';
import { conv2d, initializeParams, keyFrom, matMul, transposedConv2d } from '../../../runtime/index.ts';
import { timeOperation } from '../rates/time-operation.ts';

/** Billions of floating-point operations a second, a multiply-add counted as two. */
export interface BackendSpeed {
  /** Two matrices of side 512, or 128 where that takes long. */
  readonly matMul: number;
  /** Kernel 4, stride 2, from 16 channels to 32, on 64 maps of 14 × 14. */
  readonly conv2d: number;
  /** Of that convolution, as emitted modules compute it. */
  readonly transposedConv2d: number;
  /** Exact bounds and margins of the small network for digits, by an emitted module, rounding terms included. */
  readonly exactBound: number;
  readonly exactMillisecondsPerExample: number;
}

/** What is emitted for a network, with what it costs. */
export interface MeasuredModel {
  readonly model: RobustModel;
  readonly multiplyAddsPerExample: number;
}

/** Below it, so few examples and so small a matrix that a backend in plain JavaScript is done within a second. */
const slow = 1;

export async function measureSpeed({ model, multiplyAddsPerExample }: MeasuredModel): Promise<BackendSpeed> {
  const small = await speedOfMatMul(128);
  const isSlow = small < slow;
  const maps = isSlow ? 4 : 64;
  const geometry = { strides: [2, 2], padding: [1, 1, 1, 1] } as const;
  const [x, y, kernel] = [numbers([maps, 14, 14, 16]), numbers([maps, 7, 7, 32]), numbers([4, 4, 16, 32])];
  const multiplyAdds = maps * 7 * 7 * 32 * 4 * 4 * 16;
  const forward = await speedOf(multiplyAdds, () => conv2d(x, kernel, geometry));
  const transposed = await speedOf(multiplyAdds, () =>
    transposedConv2d(y, kernel, { ...geometry, inputSize: [14, 14] }),
  );
  tf.dispose([x, y, kernel]);
  const exact = await secondsOfExample(model, isSlow ? 1 : 8);
  return {
    matMul: isSlow ? small : await speedOfMatMul(512),
    conv2d: forward,
    transposedConv2d: transposed,
    exactBound: (2 * multiplyAddsPerExample) / exact / 1e9,
    exactMillisecondsPerExample: exact * 1e3,
  };
}

/** For each figure. */
const milliseconds = 80;

async function speedOfMatMul(side: number): Promise<number> {
  const [a, b] = [numbers([side, side]), numbers([side, side])];
  const speed = await speedOf(side ** 3, () => matMul(a, b));
  tf.dispose([a, b]);
  return speed;
}

const speedOf = async (multiplyAdds: number, run: () => tf.Tensor): Promise<number> =>
  (2 * multiplyAdds) / (await timeOperation(run, milliseconds));

async function secondsOfExample(model: RobustModel, batch: number): Promise<number> {
  const { parameters, inputShape, ball } = model.meta;
  const params = initializeParams(parameters, keyFrom(1));
  const x = numbers([batch, ...inputShape]);
  const labels = tf.zeros([batch], 'int32') as tf.Tensor1D;
  const nanoseconds = await timeOperation(() => model.margins(params, x, labels, ball.epsilon), milliseconds);
  tf.dispose([x, labels, ...Object.values(params)]);
  return nanoseconds / 1e9 / batch;
}

/** Numbers between 0 and 1 that are neither alike nor subnormal. */
const numbers = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => 0.1 + ((i * 0.618) % 0.9)),
    shape,
  );

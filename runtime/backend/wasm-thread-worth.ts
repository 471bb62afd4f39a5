/** Whether several threads of WebAssembly are faster than one, here and now: cores may be taken, or may be few. */
import * as tf from '@tensorflow/tfjs-core';
import { restartWasm } from './start-wasm.ts';

/** They pay when they are this much faster: memory and the start of every operation are one thread's. */
const leastSpeedup = 1.2;

const repetitions = 8;

export interface ThreadWorth {
  /** Time of one thread divided by that of all. */
  readonly speedup: number;
  /** With which the backend computes now. */
  readonly threads: number;
}

/**
 * The current instance, of one thread, makes way to one of `count` threads, and that again to one of a single thread if it is not worth it.
 * Tensors on them are lost.
 */
export async function worthOfThreads(count: number, useThreads: (count: number) => void): Promise<ThreadWorth> {
  const alone = millisecondsOfConvolution();
  useThreads(count);
  await restartWasm();
  const speedup = alone / millisecondsOfConvolution();
  if (speedup >= leastSpeedup) return { speedup, threads: count };
  useThreads(1);
  await restartWasm();
  return { speedup, threads: 1 };
}

/** The least of some: of rows of a map of a small network, what certifying and training spend most of their time on. */
function millisecondsOfConvolution(): number {
  const [rows, kernel] = tf.tidy(() => [
    tf.fill<tf.Rank.R4>([64, 14, 14, 16], 1),
    tf.fill<tf.Rank.R4>([4, 4, 16, 32], 1),
  ]) as [tf.Tensor4D, tf.Tensor4D];
  const times = Array.from({ length: repetitions }, () => {
    const began = performance.now();
    tf.conv2d(rows, kernel, 2, 'same').dispose();
    return performance.now() - began;
  });
  tf.dispose([rows, kernel]);
  return Math.min(...times);
}

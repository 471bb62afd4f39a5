/** Tensors that outlive the WebAssembly backend: when it breaks down in a computation, they are put on a fresh one. */
import * as tf from '@tensorflow/tfjs-core';
import { isBreakdown, restartWasm } from './start-wasm.ts';
import { watchBackend } from './wasm-memory.ts';

export interface SurvivingTensors {
  /**
   * Runs a computation, which leaves no tensor behind. Returns null, or the error by which the backend broke down in it; the
   * tensors are as before then, and a fresh backend computes. Other errors pass.
   */
  attempt(compute: () => void | Promise<void>): Promise<Error | null>;
}

/** Holds copies of tensors, as far as the current backend is one that can break down. */
export function survivingTensors(tensors: Iterable<tf.Tensor>): SurvivingTensors {
  const isWasm = tf.getBackend() === 'wasm';
  // It may have been started by another program than ours.
  if (isWasm) watchBackend(tf.backend());
  const copies = isWasm ? [...tensors].map(tensor => ({ tensor, values: tensor.dataSync().slice() })) : [];
  return {
    async attempt(compute) {
      const before = bookkeeping();
      try {
        await compute();
        return null;
      } catch (error) {
        if (tf.getBackend() !== 'wasm' || !isBreakdown(error)) throw error;
        await restartWasm();
        for (const { tensor, values } of copies) {
          // The caller's own tensors go on to live: only what they stand for is made anew.
          tensor.dataId = tf.keep(tf.tensor(values, tensor.shape, tensor.dtype)).dataId;
        }
        before.restore();
        return error;
      }
    },
  };
}

/**
 * TensorFlow.js frees tensors when a scope ends; a backend that breaks down in that too leaves scopes open, and tensors
 * counted that are no more.
 */
function bookkeeping(): { restore(): void } {
  const { state } = tf.engine();
  const { numTensors, numBytes, numDataBuffers, gradientDepth, kernelDepth, activeScope } = state;
  const [depth, tracked] = [state.scopeStack.length, activeScope?.track.length ?? 0];
  return {
    restore() {
      Object.assign(state, { numTensors, numBytes, numDataBuffers, gradientDepth, kernelDepth, activeScope });
      state.scopeStack.length = depth;
      if (activeScope) activeScope.track.length = tracked;
    },
  };
}

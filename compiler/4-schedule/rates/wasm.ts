/**
 * Of the WebAssembly backend on one thread (TensorFlow.js 4.22.0, SIMD). Another
 * machine is faster or slower by much the same factor everywhere, and the choices stay. Written by
 * `npm run bench:rates -- --backend wasm --write`.
 */
import type { Rates } from './rate.ts';

export const wasmRates: Rates = {
  free: { perDispatch: 3900, perMultiplyAdd: 0, perEntry: 0 },
  elementwise: { perDispatch: 7200, perMultiplyAdd: 0, perEntry: 0.6 },
  reduction: { perDispatch: 23000, perMultiplyAdd: 0, perEntry: 1.3 },
  copy: { perDispatch: 29000, perMultiplyAdd: 0, perEntry: 1.2 },
  broadcast: { perDispatch: 28000, perMultiplyAdd: 0, perEntry: 40 },
  gather: { perDispatch: 37000, perMultiplyAdd: 0, perEntry: 1 },
  rows: { perDispatch: 21000, perMultiplyAdd: 1.6, perEntry: 0.57 },
  matMul: { perDispatch: 51000, perMultiplyAdd: 0.066, perEntry: 0 },
  conv2d: { perDispatch: 22000, perMultiplyAdd: 0.056, perEntry: 1.4 },
  transposedConv2d: { perDispatch: 140000, perMultiplyAdd: 0.033, perEntry: 7 },
  normsOfMaps: { perDispatch: 80000, perMultiplyAdd: 0.071, perEntry: 1.7 },
  kernelGradient: { perDispatch: 67000, perMultiplyAdd: 0.082, perEntry: 6.4 },
  normsOfSlopeMaps: { perDispatch: 320000, perMultiplyAdd: 0.036, perEntry: 6.6 },
  estimate: { perDispatch: 1200000, perMultiplyAdd: 0, perEntry: 19 },
  draw: { perDispatch: 50000, perMultiplyAdd: 0, perEntry: 39 },
  loop: { perDispatch: 30000, perMultiplyAdd: 0, perEntry: 0.55 },
};

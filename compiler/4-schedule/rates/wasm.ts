/**
 * Of the WebAssembly backend on one thread (TensorFlow.js 4.22.0, SIMD). Another
 * machine is faster or slower by much the same factor everywhere, and the choices stay. Written by
 * `npm run bench:rates -- --backend wasm --write`.
 */
import type { Rates } from './rate.ts';

export const wasmRates: Rates = {
  free: { perDispatch: 3300, perMultiplyAdd: 0, perEntry: 0 },
  elementwise: { perDispatch: 7100, perMultiplyAdd: 0, perEntry: 0.55 },
  reduction: { perDispatch: 21000, perMultiplyAdd: 0, perEntry: 1.2 },
  copy: { perDispatch: 24000, perMultiplyAdd: 0, perEntry: 1 },
  broadcast: { perDispatch: 25000, perMultiplyAdd: 0, perEntry: 41 },
  gather: { perDispatch: 26000, perMultiplyAdd: 0, perEntry: 0.9 },
  rows: { perDispatch: 17000, perMultiplyAdd: 1.2, perEntry: 0.31 },
  matMul: { perDispatch: 34000, perMultiplyAdd: 0.063, perEntry: 0 },
  conv2d: { perDispatch: 18000, perMultiplyAdd: 0.053, perEntry: 1.2 },
  transposedConv2d: { perDispatch: 99000, perMultiplyAdd: 0.033, perEntry: 6.5 },
  normsOfMaps: { perDispatch: 52000, perMultiplyAdd: 0.049, perEntry: 2 },
  kernelGradient: { perDispatch: 53000, perMultiplyAdd: 0.075, perEntry: 5.4 },
  normsOfSlopeMaps: { perDispatch: 220000, perMultiplyAdd: 0.051, perEntry: 5.1 },
  estimate: { perDispatch: 890000, perMultiplyAdd: 0, perEntry: 16 },
  draw: { perDispatch: 42000, perMultiplyAdd: 0, perEntry: 36 },
  loop: { perDispatch: 29000, perMultiplyAdd: 0, perEntry: 0.52 },
};

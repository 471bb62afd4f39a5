/**
 * Of the WebAssembly backend on one thread (TensorFlow.js 4.22.0, SIMD). Another machine is faster or slower by much the same
 * factor everywhere, and the choices stay. Written by `npm run bench:rates -- --write`; `normsOfMaps` and `gather` from later runs, in
 * proportion to the other rates of those.
 */
import type { Rates } from './rate.ts';

export const wasmRates: Rates = {
  free: { perDispatch: 590, perMultiplyAdd: 0, perEntry: 0 },
  elementwise: { perDispatch: 1300, perMultiplyAdd: 0, perEntry: 0.084 },
  reduction: { perDispatch: 1300, perMultiplyAdd: 0, perEntry: 0.44 },
  copy: { perDispatch: 2200, perMultiplyAdd: 0, perEntry: 0.21 },
  gather: { perDispatch: 10000, perMultiplyAdd: 0, perEntry: 2.2 },
  rows: { perDispatch: 5700, perMultiplyAdd: 0.67, perEntry: 0.11 },
  matMul: { perDispatch: 3500, perMultiplyAdd: 0.042, perEntry: 0 },
  conv2d: { perDispatch: 2000, perMultiplyAdd: 0.043, perEntry: 0.62 },
  transposedConv2d: { perDispatch: 29000, perMultiplyAdd: 0.024, perEntry: 6.7 },
  normsOfMaps: { perDispatch: 44000, perMultiplyAdd: 0.079, perEntry: 1.7 },
  kernelGradient: { perDispatch: 12000, perMultiplyAdd: 0.075, perEntry: 0 },
  estimate: { perDispatch: 390000, perMultiplyAdd: 0, perEntry: 14 },
  draw: { perDispatch: 1900, perMultiplyAdd: 0, perEntry: 23 },
  loop: { perDispatch: 2900, perMultiplyAdd: 0, perEntry: 0.092 },
};

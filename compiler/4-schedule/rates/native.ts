/**
 * Of TensorFlow on one thread of a CPU, as `dualc setup native` builds it (TensorFlow.js 4.22.0). Another
 * machine is faster or slower by much the same factor everywhere, and the choices stay. Written by
 * `npm run bench:rates -- --backend native --write`.
 */
import type { Rates } from './rate.ts';

export const nativeRates: Rates = {
  free: { perDispatch: 18000, perMultiplyAdd: 0, perEntry: 0 },
  elementwise: { perDispatch: 14000, perMultiplyAdd: 0, perEntry: 0.44 },
  reduction: { perDispatch: 34000, perMultiplyAdd: 0, perEntry: 0.35 },
  copy: { perDispatch: 53000, perMultiplyAdd: 0, perEntry: 0.062 },
  broadcast: { perDispatch: 46000, perMultiplyAdd: 0, perEntry: 0.27 },
  gather: { perDispatch: 150000, perMultiplyAdd: 0, perEntry: 0.56 },
  rows: { perDispatch: 91000, perMultiplyAdd: 0.83, perEntry: 0.22 },
  matMul: { perDispatch: 51000, perMultiplyAdd: 0.014, perEntry: 0 },
  conv2d: { perDispatch: 120000, perMultiplyAdd: 0.011, perEntry: 0.4 },
  transposedConv2d: { perDispatch: 250000, perMultiplyAdd: 0.0041, perEntry: 2.5 },
  normsOfMaps: { perDispatch: 330000, perMultiplyAdd: 0.0024, perEntry: 1.9 },
  kernelGradient: { perDispatch: 140000, perMultiplyAdd: 0.015, perEntry: 3.3 },
  normsOfSlopeMaps: { perDispatch: 730000, perMultiplyAdd: 0, perEntry: 3.4 },
  estimate: { perDispatch: 2000000, perMultiplyAdd: 0, perEntry: 18 },
  draw: { perDispatch: 43000, perMultiplyAdd: 0, perEntry: 35 },
  loop: { perDispatch: 61000, perMultiplyAdd: 0, perEntry: 0.5 },
};

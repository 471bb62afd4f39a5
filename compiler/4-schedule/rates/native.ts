/**
 * Of TensorFlow on one thread of a CPU, as `dualc setup native` builds it (TensorFlow.js 4.22.0), on a machine that others used too. Another
 * machine is faster or slower by much the same factor everywhere, and the choices stay. Written by
 * `npm run bench:rates -- --backend native --write`.
 */
import type { Rates } from './rate.ts';

export const nativeRates: Rates = {
  free: { perDispatch: 11000, perMultiplyAdd: 0, perEntry: 0 },
  elementwise: { perDispatch: 4500, perMultiplyAdd: 0, perEntry: 0.27 },
  reduction: { perDispatch: 12000, perMultiplyAdd: 0, perEntry: 0.15 },
  copy: { perDispatch: 12000, perMultiplyAdd: 0, perEntry: 0 },
  broadcast: { perDispatch: 12000, perMultiplyAdd: 0, perEntry: 0 },
  gather: { perDispatch: 83000, perMultiplyAdd: 0, perEntry: 0.4 },
  rows: { perDispatch: 46000, perMultiplyAdd: 1, perEntry: 0.27 },
  matMul: { perDispatch: 19000, perMultiplyAdd: 0.017, perEntry: 0 },
  conv2d: { perDispatch: 52000, perMultiplyAdd: 0.014, perEntry: 0.25 },
  transposedConv2d: { perDispatch: 300000, perMultiplyAdd: 0.091, perEntry: 14 },
  normsOfMaps: { perDispatch: 450000, perMultiplyAdd: 0.12, perEntry: 0 },
  normsOfSlopeMaps: { perDispatch: 450000, perMultiplyAdd: 0.12, perEntry: 0 },
  kernelGradient: { perDispatch: 110000, perMultiplyAdd: 0.059, perEntry: 0 },
  estimate: { perDispatch: 5500000, perMultiplyAdd: 0, perEntry: 90 },
  draw: { perDispatch: 1200, perMultiplyAdd: 0, perEntry: 35 },
  loop: { perDispatch: 13000, perMultiplyAdd: 0, perEntry: 0.3 },
};

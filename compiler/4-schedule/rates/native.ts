/**
 * Of TensorFlow on one thread of a CPU, as `dualc setup native` builds it (TensorFlow.js 4.22.0). Another
 * machine is faster or slower by much the same factor everywhere, and the choices stay. Written by
 * `npm run bench:rates -- --backend native --write`.
 */
import type { Rates } from './rate.ts';

export const nativeRates: Rates = {
  free: { perDispatch: 27000, perMultiplyAdd: 0, perEntry: 0 },
  elementwise: { perDispatch: 16000, perMultiplyAdd: 0, perEntry: 0.44 },
  reduction: { perDispatch: 59000, perMultiplyAdd: 0, perEntry: 0.33 },
  copy: { perDispatch: 64000, perMultiplyAdd: 0, perEntry: 0.082 },
  broadcast: { perDispatch: 54000, perMultiplyAdd: 0, perEntry: 0.32 },
  gather: { perDispatch: 230000, perMultiplyAdd: 0, perEntry: 0.36 },
  rows: { perDispatch: 97000, perMultiplyAdd: 1.2, perEntry: 0.35 },
  matMul: { perDispatch: 60000, perMultiplyAdd: 0.015, perEntry: 0 },
  conv2d: { perDispatch: 140000, perMultiplyAdd: 0.011, perEntry: 0.49 },
  transposedConv2d: { perDispatch: 310000, perMultiplyAdd: 0.0041, perEntry: 2.8 },
  normsOfMaps: { perDispatch: 400000, perMultiplyAdd: 0.011, perEntry: 2.3 },
  kernelGradient: { perDispatch: 160000, perMultiplyAdd: 0.018, perEntry: 4.1 },
  normsOfSlopeMaps: { perDispatch: 890000, perMultiplyAdd: 0, perEntry: 3.8 },
  estimate: { perDispatch: 2500000, perMultiplyAdd: 0, perEntry: 23 },
  draw: { perDispatch: 46000, perMultiplyAdd: 0, perEntry: 36 },
  loop: { perDispatch: 70000, perMultiplyAdd: 0, perEntry: 0.32 },
};

/** What emitted modules and their users import. */
export * from './contract.ts';
export { EnvironmentError, InputError } from './errors.ts';
export { namedParams } from './named-params.ts';
export { cauchyScale, cauchyScaleGradient } from './ops/cauchy-scale.ts';
export { chunkedRows, summedChunks, unitRows } from './ops/chunks.ts';
export { conv2d } from './ops/conv2d.ts';
export { conv2dKernelGradient } from './ops/conv2d-kernel-gradient.ts';
export { matMul } from './ops/mat-mul.ts';
export { oneHot } from './ops/one-hot.ts';
export { rowNorms, rowProducts, scaledRows } from './ops/rows.ts';
export { transposedConv2d } from './ops/transposed-conv2d.ts';
export { windows } from './ops/windows.ts';
export { cauchyNoise, normalNoise } from './random/noise.ts';

/**
 * What emitted code may import from `dualc/runtime`. The type-level import ties the list to the runtime: a name that the
 * runtime does not export drops out of it, and `print-op.ts` no longer compiles.
 */
import type * as runtime from '../../runtime/index.ts';

export type RuntimeSymbol = Extract<
  keyof typeof runtime,
  | 'cauchyNoise'
  | 'cauchyScale'
  | 'cauchyScaleGradient'
  | 'chunkedRows'
  | 'conv2d'
  | 'conv2dKernelGradient'
  | 'matMul'
  | 'namedParams'
  | 'normalNoise'
  | 'oneHot'
  | 'rowNorms'
  | 'rowProducts'
  | 'scaledRows'
  | 'summedChunks'
  | 'transposedConv2d'
  | 'unitRows'
  | 'windows'
>;

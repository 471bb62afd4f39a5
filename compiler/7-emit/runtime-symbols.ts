/**
 * What emitted code may import from `dualc/runtime`. The type-level import ties the list to the runtime: a name that the
 * runtime does not export is a type error here.
 */
import type * as runtime from '../../runtime/index.ts';

export const runtimeSymbols = [
  'cauchyNoise',
  'cauchyScale',
  'cauchyScaleGradient',
  'chunkedRows',
  'conv2d',
  'conv2dKernelGradient',
  'matMul',
  'namedParams',
  'normalNoise',
  'oneHot',
  'rowNorms',
  'rowProducts',
  'scaledRows',
  'summedChunks',
  'transposedConv2d',
  'unitRows',
  'windows',
] as const satisfies readonly (keyof typeof runtime)[];

export type RuntimeSymbol = (typeof runtimeSymbols)[number];

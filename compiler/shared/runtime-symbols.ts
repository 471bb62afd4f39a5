/**
 * What emitted code may import from `dualc/runtime`. The type-level import ties the list to the runtime: a name that the
 * runtime does not export is a type error here.
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
  | 'checkCall'
  | 'normalNoise'
  | 'oneHot'
  | 'predictedClasses'
  | 'rowNorms'
  | 'rowProducts'
  | 'scaledRows'
  | 'summedChunks'
  | 'transposedConv2d'
  | 'unitRows'
  | 'windows'
>;

/** Each name once: one that the runtime no longer exports is one too many here. */
const symbols: Readonly<Record<RuntimeSymbol, true>> = {
  cauchyNoise: true,
  cauchyScale: true,
  cauchyScaleGradient: true,
  chunkedRows: true,
  conv2d: true,
  conv2dKernelGradient: true,
  matMul: true,
  checkCall: true,
  normalNoise: true,
  oneHot: true,
  predictedClasses: true,
  rowNorms: true,
  rowProducts: true,
  scaledRows: true,
  summedChunks: true,
  transposedConv2d: true,
  unitRows: true,
  windows: true,
};

export const runtimeSymbols: readonly RuntimeSymbol[] = Object.keys(symbols) as RuntimeSymbol[];

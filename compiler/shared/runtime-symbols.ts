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
  | 'chunkedResults'
  | 'chunkedRows'
  | 'conv2d'
  | 'conv2dKernelGradient'
  | 'examplesAt'
  | 'geometricMeans'
  | 'magnitudes'
  | 'matMul'
  | 'checkCall'
  | 'normalNoise'
  | 'oneHot'
  | 'onWindow'
  | 'predictedClasses'
  | 'rowNorms'
  | 'rowNormsGradient'
  | 'rowNormsWeightGradient'
  | 'resultsUnless'
  | 'resultsWhere'
  | 'rowProducts'
  | 'rowsAt'
  | 'rowsUnless'
  | 'rowsWhere'
  | 'scaledRows'
  | 'slopeMapNorms'
  | 'summedChunks'
  | 'transposed'
  | 'transposedConv2d'
  | 'transposedConv2dNorms'
  | 'unitRows'
  | 'unitRowsAt'
  | 'windows'
  | 'windowsAt'
  | 'windowBehind'
>;

/** Each name once: one that the runtime no longer exports is one too many here. */
const symbols: Readonly<Record<RuntimeSymbol, true>> = {
  cauchyNoise: true,
  cauchyScale: true,
  cauchyScaleGradient: true,
  chunkedResults: true,
  chunkedRows: true,
  conv2d: true,
  conv2dKernelGradient: true,
  examplesAt: true,
  geometricMeans: true,
  magnitudes: true,
  matMul: true,
  checkCall: true,
  normalNoise: true,
  oneHot: true,
  onWindow: true,
  predictedClasses: true,
  rowNorms: true,
  rowNormsGradient: true,
  rowNormsWeightGradient: true,
  resultsUnless: true,
  resultsWhere: true,
  rowProducts: true,
  rowsAt: true,
  rowsUnless: true,
  rowsWhere: true,
  scaledRows: true,
  slopeMapNorms: true,
  summedChunks: true,
  transposed: true,
  transposedConv2d: true,
  transposedConv2dNorms: true,
  unitRows: true,
  unitRowsAt: true,
  windows: true,
  windowsAt: true,
  windowBehind: true,
};

export const runtimeSymbols: readonly RuntimeSymbol[] = Object.keys(symbols) as RuntimeSymbol[];

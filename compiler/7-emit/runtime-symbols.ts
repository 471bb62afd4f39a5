/**
 * What emitted code may import from `dualc/runtime`. The type-level import ties the list to the runtime: a symbol that the
 * runtime does not export is a type error here.
 */
import type * as runtime from '../../runtime/index.ts';

const symbols = {
  conv2d: true,
  transposedConv2d: true,
  conv2dKernelGradient: true,
  unitRows: true,
  chunkedRows: true,
  summedChunks: true,
  cauchyScale: true,
  cauchyScaleGradient: true,
  cauchyNoise: true,
  normalNoise: true,
  namedParams: true,
  oneHot: true,
} satisfies { readonly [Name in keyof typeof runtime]?: true };

export type RuntimeSymbol = keyof typeof symbols;

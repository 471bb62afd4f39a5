/** What goes for most operations: they make a tensor of their own from their operands, wherever they stand. */

import { nothing } from '../memory-size.ts';
import type { Operation } from './operation.ts';

export const ordinary = {
  structure: { kind: 'value' },
  walk: null,
  declares: null,
  result: 'own',
  effort: 'written',
  madeOnce: false,
  purity: 'pure',
  length: 1,
} as const;

/** Work that is no multiply-adds. */
export const noMacs = (): 0 => 0;

/** Sharing and inlining of what is cheap enough to be computed again where it is needed, so that a function reads by itself. */
export const cheap = { sharing: 'withinFunction', inlined: 'withSameRole' } as const;

/** As `cheap`, and read as a part of a larger expression. */
export const slight = { sharing: 'withinFunction', inlined: 'anywhere' } as const;

/** What is worth passing along between functions. */
export const costly = { sharing: 'everywhere', inlined: 'withSameRole' } as const;

/** What goes for loops: their block is what takes time and memory. */
export const loop: Pick<
  Operation,
  | 'walk'
  | 'declares'
  | 'family'
  | 'effort'
  | 'madeOnce'
  | 'macs'
  | 'workspace'
  | 'elementwise'
  | 'purity'
  | 'sharing'
  | 'inlined'
  | 'length'
  | 'kernels'
  | 'result'
> = {
  walk: null,
  declares: null,
  family: 'loop',
  effort: 'written',
  madeOnce: false,
  macs: noMacs,
  workspace: () => nothing,
  elementwise: null,
  purity: 'pure',
  sharing: 'nowhere',
  inlined: 'nowhere',
  length: 1,
  kernels: ['Concat', 'Identity'],
  result: 'own',
};

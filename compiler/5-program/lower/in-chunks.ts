/** Walks that take some rows at a time. */
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { batch } from '../dim.ts';
import type { Op } from '../tensor-program.ts';
import type { Norms } from './norms.ts';

/** Which rows walk. */
export type WalkingRows =
  /** All of them, so many at once. */
  | { readonly kind: 'all'; readonly size: number }
  /** Those that are asked for, so many to an example at once, of whichever examples; where more than `atMost` are to an example, none. */
  | { readonly kind: 'asked'; readonly asked: ValueId; readonly size: number; readonly atMost: number }
  /** All of them, so many at once, where `asked` takes none; else none. */
  | { readonly kind: 'unlessAsked'; readonly asked: ValueId; readonly size: number; readonly atMost: number };

/**
 * Runs walks of some rows at a time, in a chunk loop when that is not all of them; several walks in one loop share what their rows
 * meet alike. `[batch, rows]` from each, 0 for rows that do not walk.
 *
 * @param walk given the indices of its rows, `[batch·size]`, where they are of any examples: then it gives `[batch·size, 1]`, else `[batch, size]`
 */
export function inChunks(
  b: ProgramBuilder,
  rows: number,
  walking: WalkingRows,
  walk: (indices: ValueId | null) => readonly Norms[],
): readonly Norms[] {
  const { size } = walking;
  if (walking.kind === 'all' && size === rows) return walk(null);
  let norms: readonly Norms[] = [];
  const block = b.block(() => {
    norms = walk(walking.kind === 'asked' ? b.append({ kind: 'chunkIndices', rows, size }) : null);
    return norms.map(({ value }) => value);
  });
  const loop = b.within({ role: roles[walking.kind] }, () => {
    if (walking.kind === 'all') return b.append({ kind: 'chunked', rows, size, block });
    const { atMost, asked } = walking;
    const op: Op =
      walking.kind === 'asked'
        ? { kind: 'chunkedWhere', rows, size, atMost, block }
        : { kind: 'chunkedUnless', rows, size, atMost, block };
    return b.append(op, [asked]);
  });
  return norms.map(({ roundings }, index) => ({
    value: norms.length === 1 ? loop : b.append({ kind: 'item', index, shape: [batch, rows] }, [loop]),
    roundings,
  }));
}

const roles = {
  all: 'norms of all rows',
  asked: 'norms of undecided rows',
  unlessAsked: 'norms of all rows',
} as const satisfies Record<WalkingRows['kind'], string>;

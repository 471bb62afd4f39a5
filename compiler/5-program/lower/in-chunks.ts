/** Walks that take some rows at a time. */
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { ProgramShape } from '../dim.ts';
import type { Norms } from './norms.ts';

export interface ChunkedRows {
  /** All rows there are, and how many walk at once. */
  readonly rows: number;
  readonly size: number;
  /** Which of them walk, `[count]`, filled up with −1 to a multiple of `size`; null for all. */
  readonly list: ValueId | null;
}

/**
 * Runs walks of `size` rows at a time, in a chunk loop when that is not all of them; several walks in one loop share what their rows
 * meet alike. `[batch, rows]` from each, or `[batch, count]` in the order of the list.
 *
 * @param walk given the indices of its rows, `[size]`, where they are some of a list
 */
export function inChunks(
  b: ProgramBuilder,
  { rows, size, list }: ChunkedRows,
  walk: (indices: ValueId | null) => readonly Norms[],
): readonly Norms[] {
  if (list === null && size === rows) return walk(null);
  let norms: readonly Norms[] = [];
  const block = b.block(() => {
    norms = walk(list === null ? null : b.append({ kind: 'chunkIndices', rows, size }));
    return norms.map(({ value }) => value);
  });
  const loop = b.within({ role: 'norms of all rows' }, () =>
    list === null
      ? b.append({ kind: 'chunked', rows, size, block })
      : b.append({ kind: 'chunkedAt', rows, size, block }, [list]),
  );
  const count = list === null ? rows : found(b.shapeOf(list)[0], 'rows of a list');
  const ofWhole = (value: ValueId): ProgramShape => [found(b.shapeOf(value)[0], 'a batch'), count];
  return norms.map(({ value, roundings }, index) => ({
    value: norms.length === 1 ? loop : b.append({ kind: 'item', index, shape: ofWhole(value) }, [loop]),
    roundings,
  }));
}

/** A walk that takes some rows at a time. */
import type { ProgramBuilder } from '../builder.ts';
import type { Norms } from './norms.ts';

/** Runs a walk of `size` of the `rows` at a time, in a chunk loop when that is not all of them. */
export function inChunks(b: ProgramBuilder, rows: number, size: number, walk: () => Norms): Norms {
  if (size === rows) return walk();
  let roundings = 0;
  const block = b.block(() => {
    const norms = walk();
    roundings = norms.roundings;
    return [norms.value];
  });
  return {
    value: b.within({ role: 'norms of all rows' }, () => b.append({ kind: 'chunked', rows, size, block })),
    roundings,
  };
}

/** Weighted norms of the rows of a dual, with how often float32 rounds in them. */
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';

/** Norms or a sum of them, and the most roundings that one term of it passed. */
export interface Norms {
  readonly value: ValueId;
  readonly roundings: number;
}

/** `⟨weights, |row|⟩`: `(dual, weights [groups, …f]) → [groups, rows]`. */
export function rowNorms(b: ProgramBuilder, dual: ValueId, weights: ValueId, rows: number): Norms {
  const features = b
    .shapeOf(weights)
    .slice(1)
    .reduce<number>((product, dim) => product * Number(dim), 1);
  return { value: b.append({ kind: 'rowNorms', rows }, [dual, weights]), roundings: features };
}

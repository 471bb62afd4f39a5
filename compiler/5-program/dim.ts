/**
 * Sizes of a tensor program. Everything is known ahead of time but the number of examples in a batch, written `b`:
 * a dimension is a number, or a number times the batch, `10b`. So shapes are static and one program serves every batch.
 */
import { InternalError } from '../shared/assert.ts';

export type Dim = number | `${number}b`;
export type ProgramShape = readonly Dim[];

/** The batch itself. */
export const batch: Dim = '1b';

/** `factor` in `factor · b`, or null for a plain number. */
function batchFactor(dim: Dim): number | null {
  if (typeof dim === 'number') return null;
  const known = factors.get(dim);
  if (known !== undefined) return known;
  const factor = Number(dim.slice(0, -1));
  factors.set(dim, factor);
  return factor;
}

/** Of the dimensions read so far: a program says the same few again and again. */
const factors = new Map<Dim, number>();

/** The dimension for a given number of examples. */
export function dimAt(dim: Dim, batchSize: number): number {
  const factor = batchFactor(dim);
  return factor === null ? (dim as number) : factor * batchSize;
}

/** Product of two dimensions; the product of two batches has no place in a program that is linear in the batch. */
export function timesDim(a: Dim, b: Dim): Dim {
  const [factorA, factorB] = [batchFactor(a), batchFactor(b)];
  if (factorA !== null && factorB !== null)
    throw new InternalError(`a dimension of ${a} times ${b} is not linear in the batch`);
  if (factorA !== null) return `${factorA * (b as number)}b`;
  if (factorB !== null) return `${factorB * (a as number)}b`;
  return (a as number) * (b as number);
}

export const countOf = (shape: ProgramShape): Dim => shape.reduce<Dim>(timesDim, 1);

/** Entries of a tensor of this shape: `fixed + perExample · b`, of which one is zero. */
export function linearCount(shape: ProgramShape): { readonly fixed: number; readonly perExample: number } {
  const count = countOf(shape);
  const factor = batchFactor(count);
  return factor === null ? { fixed: count as number, perExample: 0 } : { fixed: 0, perExample: factor };
}

export const hasBatch = (shape: ProgramShape): boolean => shape.some(dim => typeof dim !== 'number');

export const shapeAt = (shape: ProgramShape, batchSize: number): number[] => shape.map(dim => dimAt(dim, batchSize));

export const sameDims = (a: ProgramShape, b: ProgramShape): boolean =>
  a.length === b.length && a.every((dim, axis) => dim === b[axis]);

export const printDim = (dim: Dim): string => (dim === '1b' ? 'b' : String(dim));
export const printDims = (shape: ProgramShape): string => `[${shape.map(printDim).join(', ')}]`;

/** NumPy's rule: shapes are aligned at the right, equal or 1. Null when they do not fit. */
export function broadcastShapes(a: ProgramShape, b: ProgramShape): ProgramShape | null {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const dimA = a[axis - rank + a.length] ?? 1;
    const dimB = b[axis - rank + b.length] ?? 1;
    if (dimA !== dimB && dimA !== 1 && dimB !== 1) return null;
    result.push(dimA === 1 ? dimB : dimA);
  }
  return result;
}

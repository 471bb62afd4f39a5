/** What attributes and operands have to satisfy, in words that the rows of operations share. */
import { InternalError } from '../../shared/assert.ts';
import { type Dim, type ProgramShape, printDims } from '../dim.ts';
import type { ConvGeometry } from '../tensor-program.ts';

/** @throws InternalError that says what is wrong, but not where. */
export function refuse(message: string): never {
  throw new InternalError(message);
}

/** For operations that take whatever their shape rule takes. */
export function noConditions(): void {
  // The shape rule says all there is to say.
}

export const dimOf = (shape: ProgramShape | undefined, axis: number): Dim => shape?.[axis] ?? refuse(`no axis ${axis}`);

/** A dimension that does not grow with the batch. */
export function fixedDim(shape: ProgramShape | undefined, axis: number): number {
  const size = dimOf(shape, axis);
  return typeof size === 'number' ? size : refuse(`axis ${axis} of ${printDims(shape ?? [])} grows with the batch`);
}

export function checkRank(shape: ProgramShape | undefined, rank: number): void {
  if (shape?.length !== rank) refuse(`${printDims(shape ?? [])} should have ${rank} axes`);
}

export function checkAxes(axes: readonly number[], shape: ProgramShape | undefined): void {
  const rank = shape?.length ?? 0;
  const valid = axes.every(axis => Number.isInteger(axis) && axis >= 0 && axis < rank);
  if (!valid || new Set(axes).size < axes.length)
    refuse(`[${axes.join(', ')}] are not different axes of ${printDims(shape ?? [])}`);
}

export function checkGeometry({ strides, padding }: ConvGeometry): void {
  if (strides.length !== 2 || !strides.every(stride => Number.isInteger(stride) && stride >= 1))
    refuse(`strides are two positive integers, not [${strides.join(', ')}]`);
  if (padding.length !== 4 || !padding.every(pad => Number.isInteger(pad) && pad >= 0))
    refuse(`padding is four integers, none negative, not [${padding.join(', ')}]: top, bottom, left, right`);
}

/**
 * Which output rows of a convolution read an input row, by the row's place in its block: `y = (residue + before − tap) / stride`, from the
 * block's own. With blocks of one stride these are the phases of a transposed convolution.
 */

/** One place of input rows (or columns) in their blocks. */
export interface Phase {
  /** The kernel's row that joins this row of block `m` with output row `m·block/stride + offset`, or null when there is none. */
  readonly tap: (offset: number) => number | null;
  /** Offsets that have one: `first … last`, empty when `first > last`. */
  readonly first: number;
  readonly last: number;
}

export interface Phases {
  readonly phases: readonly Phase[];
  /** Blocks; the last rows of the last one may be beyond the input. */
  readonly length: number;
}

/** Blocks are a multiple of the stride, by default one. */
export function phasesOf(
  inputSize: number,
  kernelSize: number,
  stride: number,
  before: number,
  block: number = stride,
): Phases {
  const phases = Array.from({ length: block }, (_, residue): Phase => {
    const p = (residue + before) % stride;
    const q = (residue + before - p) / stride;
    const taps = Math.ceil((kernelSize - p) / stride);
    const tap = (offset: number): number | null => {
      const a = q - offset;
      return a >= 0 && a < taps ? p + stride * a : null;
    };
    return { tap, first: q - taps + 1, last: q };
  });
  return { phases, length: Math.ceil(inputSize / block) };
}

export interface Offsets {
  readonly first: number;
  readonly last: number;
}

/** The offsets from the first to the last that any of the phases uses. */
export function offsetsOf(phases: readonly Phase[]): Offsets {
  const used = phases.filter(phase => phase.first <= phase.last);
  return {
    first: Math.min(...used.map(phase => phase.first)),
    last: Math.max(...used.map(phase => phase.last)),
  };
}

export const range = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

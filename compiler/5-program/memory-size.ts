/** A number of bytes that grows with the batch: `fixedBytes + bytesPerExample · batch`. */
import { linearCount, type ProgramShape } from './dim.ts';

export interface MemorySize {
  readonly fixedBytes: number;
  readonly bytesPerExample: number;
}

const bytesPerNumber = 4;

export const nothing: MemorySize = { fixedBytes: 0, bytesPerExample: 0 };

/** Of so many numbers. */
export const numbers = (count: number): MemorySize => ({ fixedBytes: count * bytesPerNumber, bytesPerExample: 0 });

export function sizeOfTensor(shape: ProgramShape): MemorySize {
  const { fixed, perExample } = linearCount(shape);
  return { fixedBytes: fixed * bytesPerNumber, bytesPerExample: perExample * bytesPerNumber };
}

export const sum = (...sizes: readonly MemorySize[]): MemorySize =>
  sizes.reduce(
    (total, { fixedBytes, bytesPerExample }) => ({
      fixedBytes: total.fixedBytes + fixedBytes,
      bytesPerExample: total.bytesPerExample + bytesPerExample,
    }),
    nothing,
  );

export const times = (factor: number, { fixedBytes, bytesPerExample }: MemorySize): MemorySize => ({
  fixedBytes: factor * fixedBytes,
  bytesPerExample: factor * bytesPerExample,
});

export const bytesAt = ({ fixedBytes, bytesPerExample }: MemorySize, batch: number): number =>
  fixedBytes + bytesPerExample * batch;

/** Examples cut into batches that threads take one after the other. */
import type { Examples } from '../train/batches.ts';

export interface Part {
  /** Number of the first example. */
  readonly first: number;
  /** Copies: what is sent to a thread takes all memory behind it along. */
  examples(): Examples;
  readonly count: number;
  /** `examples 64 to 95`. */
  readonly name: string;
}

/** In order; the last one may be smaller. */
export function partsOf({ values, labels }: Examples, batch: number): Part[] {
  const size = values.length / labels.length;
  return Array.from({ length: Math.ceil(labels.length / batch) }, (_, at) => {
    const first = at * batch;
    const end = Math.min(first + batch, labels.length);
    return {
      first,
      count: end - first,
      name: `batch ${at + 1} (examples ${first} to ${end - 1})`,
      examples: () => ({ values: values.slice(first * size, end * size), labels: labels.slice(first, end) }),
    };
  });
}

/** Acts on all items, on `limit` of them at a time, begun in order. Raises the first error, after which nothing new is begun. */
export async function atATime<T>(limit: number, items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const serve = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      await act(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: limit }, serve));
}

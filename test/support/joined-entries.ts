/** Where each entry of a concatenation comes from. */

export interface JoinedEntry {
  readonly operand: number;
  /** In the order of the operand's memory. */
  readonly entry: number;
}

/** In the order of the joined memory: for each position of the other axes the last axis of the first operand, then of the next. */
export function joinedEntries(shapes: readonly (readonly number[])[]): JoinedEntry[] {
  const positions = shapes[0]!.slice(0, -1).reduce((product, dim) => product * dim, 1);
  return Array.from({ length: positions }, (_, position) =>
    shapes.flatMap((shape, operand) => {
      const channels = shape.at(-1)!;
      return Array.from({ length: channels }, (_, channel) => ({ operand, entry: position * channels + channel }));
    }),
  ).flat();
}

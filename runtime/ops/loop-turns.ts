/** How many turns the loops take that go by rows that are asked for: known only while they run, and of interest to who measures them. */

type Listener = (turns: number) => void;

let listener: Listener | null = null;

/** Of a loop that is about to run: 0 where the other one of the pair does; a turn that is not full counts in part. */
export const tellTurns = (turns: number): void => listener?.(turns);

/** The turns of all such loops within `compute`, in the order in which they run. */
export function hearTurns<T>(compute: () => T): { readonly turns: readonly number[]; readonly result: T } {
  const before = listener;
  const turns: number[] = [];
  listener = each => turns.push(each);
  try {
    return { result: compute(), turns };
  } finally {
    listener = before;
  }
}

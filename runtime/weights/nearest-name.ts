/** Finds the name that was probably meant, among those that a network or a file really has. */
import { closest, distance } from 'fastest-levenshtein';

/** `; did you mean "conv1.weight"?`, or nothing when no name is near: at most a third of its letters, rounded up, differ. */
export function didYouMean(written: string, names: readonly string[]): string {
  if (names.length === 0 || written.length > 100) return '';
  const best = closest(written, names);
  const near = distance(written, best) <= Math.ceil(Math.max(best.length, written.length) / 3);
  return near ? `; did you mean ${JSON.stringify(best)}?` : '';
}

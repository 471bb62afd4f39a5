/** Finds the name that was probably meant. */
import { closest, distance } from 'fastest-levenshtein';

/**
 * The nearest of `names`, or null when nothing is near: at most a third of the letters differ, case aside. Short names say too
 * little for that: in up to five letters one may differ, in up to four it is not the first one, and in one or two none
 * does. Two letters that changed places are always near.
 */
export function nearestName(written: string, names: readonly string[]): string | null {
  if (names.length === 0 || written.length > 100) return null;
  const lowered = written.toLowerCase();
  const byLowered = new Map(names.map(name => [name.toLowerCase(), name]));
  const swapped = [...byLowered.keys()].find(name => isSwapOf(lowered, name));
  if (swapped !== undefined) return byLowered.get(swapped) ?? null;
  const best = closest(lowered, [...byLowered.keys()]);
  const length = Math.max(best.length, lowered.length);
  const allowed = length <= 2 ? 0 : Math.max(1, Math.floor(length / 3));
  const isOther = length <= 4 && best[0] !== lowered[0];
  return distance(lowered, best) <= allowed && !isOther ? (byLowered.get(best) ?? null) : null;
}

/** Whether two neighbouring letters changed places. */
function isSwapOf(written: string, name: string): boolean {
  if (written.length !== name.length) return false;
  const at = [...written].findIndex((letter, index) => letter !== name[index]);
  return at >= 0 && name === written.slice(0, at) + (written[at + 1] ?? '') + written[at] + written.slice(at + 2);
}

/** `did you mean \`kernelSize\`?`, or a list of what is allowed, or nothing. */
export function suggestion(written: string, names: readonly string[]): string {
  const near = nearestName(written, names);
  if (near !== null && near !== written) return `did you mean \`${near}\`?`;
  if (names.length === 0 || names.length > 12) return '';
  return `known here: ${names.map(name => `\`${name}\``).join(', ')}`;
}

/** Finds the name that was probably meant. */
import { closest, distance } from 'fastest-levenshtein';

/** The nearest of `names`, or null when nothing is near: at most a third of the letters differ, case aside. */
export function nearestName(written: string, names: readonly string[]): string | null {
  if (names.length === 0 || written.length > 100) return null;
  const lowered = written.toLowerCase();
  const byLowered = new Map(names.map(name => [name.toLowerCase(), name]));
  const best = closest(lowered, [...byLowered.keys()]);
  const allowed = Math.max(1, Math.floor(Math.max(best.length, lowered.length) / 3));
  return distance(lowered, best) <= allowed ? (byLowered.get(best) ?? null) : null;
}

/** `did you mean \`kernelSize\`?`, or a list of what is allowed, or nothing. */
export function suggestion(written: string, names: readonly string[]): string {
  const near = nearestName(written, names);
  if (near !== null && near !== written) return `did you mean \`${near}\`?`;
  if (names.length === 0 || names.length > 12) return '';
  return `known here: ${names.map(name => `\`${name}\``).join(', ')}`;
}

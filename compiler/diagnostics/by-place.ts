/** The order in which people read diagnostics. */
import type { Diagnostic } from './diagnostic.ts';

/** File by file, in the order in which files first have one, and from top to bottom; first those that have no place. */
export function byPlace(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const files = [...new Set(diagnostics.map(fileOf))];
  const rank = (diagnostic: Diagnostic): number => (diagnostic.place === null ? -1 : files.indexOf(fileOf(diagnostic)));
  return [...diagnostics].sort((a, b) => rank(a) - rank(b) || line(a) - line(b) || column(a) - column(b));
}

const fileOf = ({ place }: Diagnostic): string => place?.span.file ?? '';
const line = ({ place }: Diagnostic): number => place?.span.start.line ?? 0;
const column = ({ place }: Diagnostic): number => place?.span.start.column ?? 0;

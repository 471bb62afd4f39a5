/** Collects the problems of one run, so that all of them are shown together. */
import type { SourceSpan } from '../shared/span.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface Reporter {
  report(diagnostic: Diagnostic): void;
  /** In order of discovery. */
  readonly diagnostics: readonly Diagnostic[];
  /** Asked at the border of each stage: true once anything but a warning was reported. */
  readonly hasErrors: boolean;
}

/** A function that is called a hundred times repeats its mistakes: as many of one kind are kept per place. */
const maxPerPlace = 3;

export function createReporter(): Reporter {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const perPlace = new Map<string, number>();
  return {
    diagnostics,
    get hasErrors(): boolean {
      return diagnostics.some(diagnostic => diagnostic.severity !== 'warning');
    },
    report(diagnostic: Diagnostic): void {
      const place = `${diagnostic.code} ${printPlace(diagnostic.place?.span)}`;
      const key = `${place} ${diagnostic.title}`;
      const already = perPlace.get(place) ?? 0;
      if (seen.has(key) || (diagnostic.place !== null && already >= maxPerPlace)) return;
      seen.add(key);
      perPlace.set(place, already + 1);
      diagnostics.push(diagnostic);
    },
  };
}

function printPlace(span: SourceSpan | undefined): string {
  if (span === undefined) return '';
  return `${span.file}:${span.start.line}:${span.start.column}-${span.end.line}:${span.end.column}`;
}

/** One problem of the user's input, ready to be shown. Made by `diagnose`, collected by a `Reporter`. */
import type { SourceSpan } from '../shared/span.ts';

/**
 * Whose fault it is: `error` the architecture, `unsupported` dualc, which has no rule for something valid, `warning` nobody yet:
 * the result is sound, and probably not what was meant.
 */
export type Severity = 'error' | 'unsupported' | 'warning';

export interface LabelledSpan {
  readonly span: SourceSpan;
  /** What to see there; may be empty. */
  readonly label: string;
}

export interface Diagnostic {
  /** A key of the catalog. */
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  /** Where it is; null when there is no text to point at (a file that is missing). */
  readonly place: LabelledSpan | null;
  /** Other places that explain it. */
  readonly notes: readonly LabelledSpan[];
  /** What to do; empty when the title says it. */
  readonly help: string;
}

/** Diagnostics for other programs: `--json`. */
import { byPlace } from './by-place.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface DiagnosticsReport {
  readonly schema: 1;
  readonly errors: number;
  readonly warnings: number;
  /** Spans count from 1, ends are exclusive. */
  readonly diagnostics: readonly Diagnostic[];
}

export function diagnosticsReport(diagnostics: readonly Diagnostic[]): DiagnosticsReport {
  const warnings = diagnostics.filter(diagnostic => diagnostic.severity === 'warning').length;
  return { schema: 1, errors: diagnostics.length - warnings, warnings, diagnostics: byPlace(diagnostics) };
}

/** One object, without line breaks: `{"schema": 1, "errors": 2, "warnings": 0, "diagnostics": […]}`. */
export const diagnosticsToJson = (diagnostics: readonly Diagnostic[]): string =>
  JSON.stringify(diagnosticsReport(diagnostics));

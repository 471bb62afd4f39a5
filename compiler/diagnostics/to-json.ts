/** Diagnostics for other programs: `--json`. */
import { byPlace } from './by-place.ts';
import type { Diagnostic } from './diagnostic.ts';

/** One object, without line breaks: `{"schema": 1, "errors": 2, "warnings": 0, "diagnostics": […]}`. Spans count from 1, ends are exclusive. */
export function diagnosticsToJson(diagnostics: readonly Diagnostic[]): string {
  const warnings = diagnostics.filter(diagnostic => diagnostic.severity === 'warning').length;
  return JSON.stringify({
    schema: 1,
    errors: diagnostics.length - warnings,
    warnings,
    diagnostics: byPlace(diagnostics),
  });
}

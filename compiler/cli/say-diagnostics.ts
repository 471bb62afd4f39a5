/** Diagnostics on standard error, in colour where the terminal shows it. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { sourceReader } from '../diagnostics/read-source.ts';
import { renderDiagnostics } from '../diagnostics/render.ts';

export function sayDiagnostics(diagnostics: readonly Diagnostic[]): void {
  const color = process.stderr.hasColors?.() ?? false;
  process.stderr.write(
    renderDiagnostics(diagnostics, sourceReader(), { color: color && process.env.NO_COLOR === undefined }),
  );
}

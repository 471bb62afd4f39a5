/** At run time a mistake is an exception, with the words that the compiler would use. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createReporter, type Reporter } from '../diagnostics/reporter.ts';

/** Raised by a word of the vocabulary that is used wrongly. */
export class AuthoringError extends Error {
  override readonly name = 'AuthoringError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(describeProblem).join('\n'));
    this.diagnostics = diagnostics;
  }
}

function describeProblem({ code, title, notes, help }: Diagnostic): string {
  const details = notes.flatMap(({ label }) => (label === '' ? [] : [`  ${label}`]));
  const last = help === '' ? [] : [`  help: ${help}`];
  return [`${title} [${code}]`, ...details, ...last].join('\n');
}

/**
 * Runs a check and throws what it reports; warnings are passed over.
 * @throws AuthoringError
 */
export function checked<T>(check: (reporter: Reporter) => T): T {
  const reporter = createReporter();
  const result = check(reporter);
  const errors = reporter.diagnostics.filter(({ severity }) => severity !== 'warning');
  if (errors.length > 0) throw new AuthoringError(errors);
  return result;
}

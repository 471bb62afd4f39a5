/** An architecture file has errors: all of them, already located. Exit code 1. */
import type { Diagnostic } from './diagnostic.ts';

export class ArchitectureError extends Error {
  override readonly name = 'ArchitectureError';
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ code, title }) => `${code}: ${title}`).join('\n'));
    this.diagnostics = diagnostics;
  }
}

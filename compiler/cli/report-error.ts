/** What a command that failed says on standard error, and its exit code. */
import type { ArchitectureError } from '../diagnostics/architecture-error.ts';
import { visibleLines } from '../shared/visible-text.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { machineFault } from './machine-faults.ts';

export interface ReportOptions {
  /** Whether to show where in dualc the error arose. */
  readonly debug: boolean;
}

/** Says what went wrong; a mistake of dualc is called one. Returns the exit code. */
export async function reportError(error: unknown, { debug }: ReportOptions): Promise<number> {
  const code = exitCodeOf(error);
  if (error instanceof Error && error.name === 'ArchitectureError') {
    const { sayDiagnostics } = await import('./say-diagnostics.ts');
    sayDiagnostics((error as ArchitectureError).diagnostics);
  } else if (code === exitCodes.internal) {
    complain(`this is a bug in dualc: ${messageOf(error)}`);
    if (!debug) complain('run the same command with --debug to see where it arose, and please report it');
  } else {
    complain(`error: ${machineFault(error) ?? `${optionOf(error)}${messageOf(error)}`}`);
  }
  if (debug && error instanceof Error) complain(stackOf(error));
  return code;
}

const complain = (text: string): void => void process.stderr.write(`${visibleLines(text)}\n`);

/** What can be asked of bounds is asked by one option, which the compiler does not know. */
const optionOf = (error: unknown): string =>
  error instanceof Error && error.name === 'BoundsRequestError' ? '--bounds: ' : '';

const messageOf = (error: unknown): string =>
  error instanceof Error ? (error.message === '' ? error.name : error.message) : String(error);

function stackOf(error: Error): string {
  const own = error.stack ?? String(error);
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}

/** Runs one command line from its arguments to an exit code. */
import { CommanderError } from '@commander-js/extra-typings';
import { buildCommandLine } from './build-command-line.ts';
import { exitCodes } from './exit-codes.ts';
import { reportError } from './report-error.ts';

/** `args` are those after the program's name. Returns the exit code, which a command may have set in `process.exitCode`. */
export async function runCommandLine(args: readonly string[]): Promise<number> {
  try {
    await buildCommandLine().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    // commander has said what it had to; help and version that were asked for are no errors.
    if (error instanceof CommanderError) return isAnswer(error) ? exitCodes.done : exitCodes.usage;
    return reportError(error, { debug: args.includes('--debug') });
  }
}

const isAnswer = ({ code, exitCode }: CommanderError): boolean =>
  exitCode === 0 && ['commander.helpDisplayed', 'commander.help', 'commander.version'].includes(code);

/** What the command line tells people: on standard error, so that standard output is left to data. */
import { isQuiet } from './verbosity.ts';

/** One line of what is chosen and done, unless `--quiet` was given. */
export function say(line: string): void {
  if (!isQuiet()) sayResult(line);
}

/** What was asked for: `--quiet` does not silence it. */
export function sayResult(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** What may not be meant: `--quiet` does not silence it. */
export const warn = (text: string): void => sayResult(`warning: ${text}`);

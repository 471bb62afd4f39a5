/** What the command line tells people: on standard error, so that standard output is left to data. */
import { visibleLines } from '../shared/visible-text.ts';
import { isQuiet } from './verbosity.ts';

/** One line of what is chosen and done, or a table, unless `--quiet` was given. */
export function say(line: string): void {
  if (!isQuiet()) sayResult(line);
}

/** What was asked for: `--quiet` does not silence it. What would move the cursor, in a name of a file, is shown by its code. */
export function sayResult(text: string): void {
  process.stderr.write(`${visibleLines(text)}\n`);
}

/** What may not be meant: `--quiet` does not silence it. */
export const warn = (text: string): void => sayResult(`warning: ${text}`);

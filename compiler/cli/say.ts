/** What the command line tells people: on standard error, so that standard output is left to data. */
import { visibleLines } from '../shared/visible-text.ts';
import { isQuiet } from './verbosity.ts';

/** One line, or a table, unless `--quiet` was given. What would move the cursor, in a name of a file, is shown by its code. */
export function say(line: string): void {
  if (!isQuiet()) process.stderr.write(`${visibleLines(line)}\n`);
}

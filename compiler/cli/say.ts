/** What the command line tells people: on standard error, so that standard output is left to data. */
import { isQuiet } from './verbosity.ts';

/** One line, unless `--quiet` was given. */
export function say(line: string): void {
  if (!isQuiet()) process.stderr.write(`${line}\n`);
}

/** Progress on standard error, unless `--quiet` was given. */
import { createProgress, type Progress, type ProgressOptions } from '../../runtime/report/progress.ts';
import { isQuiet } from './verbosity.ts';

const silent: Progress = { update() {}, line() {}, stop() {} };

export const showProgress = (options: Omit<ProgressOptions, 'stream'>): Progress =>
  isQuiet() ? silent : createProgress({ stream: process.stderr, ...options });

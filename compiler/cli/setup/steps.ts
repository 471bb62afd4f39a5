/** How far a setup is: a bar over all its bytes on a terminal, elsewhere a line for each step. */
import { showProgress } from '../show-progress.ts';

export interface Steps {
  /** A step begins. */
  begin(name: string): void;
  /** So many bytes more, of those that are counted, are done. */
  advance(bytes: number): void;
  stop(): void;
}

const MB = 1e6;

export function showSteps(totalBytes: number): Steps {
  const total = Math.round(totalBytes / MB);
  const progress = showProgress({ total, unit: 'MB' });
  let [done, step] = [0, ''];
  const show = (): void => progress.update(Math.min(total, Math.round(done / MB)), step);
  return {
    begin(name) {
      step = name;
      if (process.stderr.isTTY) show();
      else progress.line(name);
    },
    advance(bytes) {
      done += bytes;
      show();
    },
    stop: () => progress.stop(),
  };
}

/**
 * A training run of the toy model as a process of its own, to be killed: `tsx toy-run-process.ts FOLDER [resume]`.
 * Prints one line per step, and takes its time, so that the parent can kill it anywhere.
 */
import { runFolder } from '../../runtime/checkpoint/run-folder.ts';
import { withRunLock } from '../../runtime/checkpoint/run-lock.ts';
import { trainInFolder } from '../../runtime/train/train-in-folder.ts';
import { useCpu } from './toy-model.ts';
import { toyDescription, toyRun } from './toy-run.ts';

const [name = '', mode] = process.argv.slice(2);
const folder = runFolder(name);
const clock = new Int32Array(new SharedArrayBuffer(4));
await useCpu();
await withRunLock(folder, lock =>
  trainInFolder({
    ...toyRun({ saveSeconds: 0 }),
    folder,
    lock,
    description: toyDescription,
    resume: mode === 'resume',
    metricsEvery: 2,
    onStep(report) {
      process.stdout.write(`step ${report.updates}\n`);
      Atomics.wait(clock, 0, 0, 40);
    },
  }),
);
process.stdout.write('complete\n');

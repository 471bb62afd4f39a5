/**
 * A training run of the toy model as a process of its own, to be killed: `tsx toy-run-process.ts FOLDER [resume]`.
 * Prints one line per step, and takes its time, so that the parent can kill it anywhere.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { runFolder } from '../../runtime/checkpoint/run-folder.ts';
import { writeWholeFile } from '../../runtime/checkpoint/write-file.ts';
import { trainInFolder } from '../../runtime/train/train-in-folder.ts';
import { useCpu } from './toy-model.ts';
import { toyDescription, toyRun } from './toy-run.ts';

const [folder = '', mode] = process.argv.slice(2);
await useCpu();
await trainInFolder({
  ...toyRun({ saveSeconds: 0 }),
  folder: runFolder(folder),
  description: toyDescription,
  resume: mode === 'resume',
  metricsEvery: 2,
  onStep: report => void process.stdout.write(`step ${report.updates}\n`),
  writeCheckpoint: async (file, data) => {
    await writeWholeFile(file, data);
    await wait(40);
  },
});
process.stdout.write('complete\n');

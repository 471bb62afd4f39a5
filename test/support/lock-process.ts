/** A process that locks a run folder and holds it: `tsx lock-process.ts FOLDER SECONDS`. Says `locked`, or why not. */
import { setTimeout as wait } from 'node:timers/promises';
import { runFolder } from '../../runtime/checkpoint/run-folder.ts';
import { withRunLock } from '../../runtime/checkpoint/run-lock.ts';

const [folder = '', seconds = ''] = process.argv.slice(2);
await withRunLock(runFolder(folder), async () => {
  process.stdout.write('locked\n');
  await wait(1000 * Number(seconds));
}).catch((error: Error) => process.stdout.write(`${error.name} ${error.message}\n`));

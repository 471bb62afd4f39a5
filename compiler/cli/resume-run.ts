/** From the `run.json` of a run that was cut to what is trained on. */
import type { RunDescription, RunFolder } from '../../runtime/checkpoint/run-folder.ts';
import { InputError } from '../../runtime/errors.ts';
import { counted } from '../../runtime/report/counted.ts';
import type { TrainingPlan } from './run-training.ts';
import { say, warn } from './say.ts';

interface MachineFlags {
  readonly dataDir?: string | undefined;
  readonly backend?: string | undefined;
  readonly workers?: number | undefined;
}

/** The run as its `run.json` says, on its own backend and with as many workers unless others are asked for. */
export async function resumeRun(
  architecture: string,
  flags: MachineFlags,
  folder: RunFolder,
  earlier: RunDescription,
): Promise<TrainingPlan> {
  const { selectBackend } = await import('../../runtime/backend/select-backend.ts');
  const { loadDataset } = await import('../../runtime/data/load-dataset.ts');
  const { hashDataset } = await import('../../runtime/data/hash-data.ts');
  const { oneThreadEach, requireCpu } = await import('./workers-option.ts');
  const { workers: before = 1 } = earlier;
  const { workers = before } = flags;
  if (workers > 1) oneThreadEach();
  const backend = await selectBackend(
    flags.backend === undefined
      ? { prefer: earlier.backend, source: folder.description }
      : { prefer: flags.backend, source: '--backend' },
  );
  requireCpu(workers, backend.name);
  say(`backend ${backend.name}: ${backend.reason}`);
  if (workers !== before) {
    warn(`the run began with ${counted(before, 'worker')}; with ${workers} it will not end with the same bits`);
  }
  if (backend.name !== earlier.backend) {
    warn(`the run began on ${earlier.backend}; on ${backend.name} it will not end with the same bits`);
  }
  const dataset = await loadDataset(earlier.data, { split: 'train', limit: earlier.examples, dataDir: flags.dataDir });
  const isOther = earlier.dataHash !== undefined && hashDataset(dataset) !== earlier.dataHash;
  if (dataset.lineage !== earlier.lineage || dataset.count !== earlier.examples || isOther) {
    throw new InputError(
      `${earlier.data} no longer holds the ${counted(earlier.examples, 'example')} that the run in ${folder.folder} began with`,
    );
  }
  return {
    architecture,
    description: earlier,
    folder,
    dataset,
    backend: backend.name,
    workers,
    resume: true,
  };
}

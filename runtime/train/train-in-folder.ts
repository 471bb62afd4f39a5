/** Training into a run folder: checkpoints, metrics, and the final weights. */
import { existsSync } from 'node:fs';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../checkpoint/checkpoint.ts';
import { cleanRun, createRun, type RunDescription, type RunFolder } from '../checkpoint/run-folder.ts';
import type { RunLock } from '../checkpoint/run-lock.ts';
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { openMetricsLog } from '../report/metrics-log.ts';
import { saveWeights } from '../weights/save-weights.ts';
import { checkRun } from './check-run.ts';
import type { Snapshot } from './snapshot.ts';
import { train } from './train.ts';
import type { Phase, Report, TrainRun } from './train-run.ts';

export interface FolderRun extends Omit<TrainRun, 'model' | 'from' | 'hooks' | 'settings'> {
  readonly phases: readonly Phase[];
  readonly folder: RunFolder;
  /** Of the folder: no two processes may train in it. */
  readonly lock: RunLock;
  readonly description: RunDescription;
  /** Goes on from the folder's checkpoint, or from the start when the run was cut before its first. */
  readonly resume: boolean;
  /** Steps between lines of metrics within an epoch. */
  readonly metricsEvery: number;
  onStep?(report: Report): void;
  onEpoch?(report: Report): void;
  /** Hears, in a sentence, of what is amiss and does not stop the run. */
  onNotice?(text: string): void;
}

/**
 * Trains and keeps everything in the folder: `metrics.jsonl` grows by a line per epoch and per `metricsEvery` steps,
 * `checkpoint.safetensors` is replaced after every epoch and every `saveSeconds`, `weights.safetensors` (layout tfjs) is
 * written at the end. Resolves to whether the run is complete. Raises what `train`, the writers and the lock raise; the last
 * good checkpoint then stays.
 */
export async function trainInFolder(run: FolderRun): Promise<{ complete: boolean; snapshot: Snapshot }> {
  const { folder, description, lock } = run;
  const meta = firstMeta(run);
  const { phases, examples, initial, saveSeconds, signal, lossOfBatch } = run;
  const asked = { phases, examples, initial, saveSeconds, signal, lossOfBatch, settings: description.settings };
  // Before the folder is made: a run that cannot begin leaves nothing behind.
  checkRun(asked);
  await cleanRun(folder);
  if (!run.resume) await createRun(folder, description);
  const from = run.resume && existsSync(folder.checkpoint) ? await resumeFrom(folder, meta) : null;
  const log = openMetricsLog(folder.metrics, from?.metricsBytes ?? 0);
  const append = (per: 'step' | 'epoch', report: Report): void => {
    lock.assertHeld();
    log.write(metricsLine(per, report));
  };
  try {
    if (log.lost > 0) {
      run.onNotice?.(`${folder.metrics} has lost ${log.lost} bytes since the checkpoint: lines of metrics are missing`);
    }
    const result = await train({
      ...asked,
      from: from?.snapshot ?? null,
      hooks: {
        step(report) {
          if (report.step % run.metricsEvery === 0) append('step', report);
          run.onStep?.(report);
        },
        epoch(report) {
          append('epoch', report);
          run.onEpoch?.(report);
        },
        async save(snapshot) {
          lock.assertHeld();
          const checkpoint = { snapshot, metricsBytes: log.flush(), sourceHash: meta.sourceHash };
          await saveCheckpoint(folder.checkpoint, checkpoint);
        },
      },
    });
    if (result.complete) {
      lock.assertHeld();
      await saveWeights(folder.weights, result.snapshot.params, meta, 'tfjs', { trainedOn: description.lineage });
    }
    return result;
  } finally {
    log.close();
  }
}

async function resumeFrom(folder: RunFolder, meta: ModelMeta): Promise<Checkpoint> {
  const checkpoint = await loadCheckpoint(folder.checkpoint);
  if (checkpoint.sourceHash !== meta.sourceHash) {
    throw new InputError(
      `${folder.checkpoint} holds the parameters of another network than that of ${meta.source}: resume the run with the architecture it began with`,
    );
  }
  return checkpoint;
}

function firstMeta(run: FolderRun): ModelMeta {
  const [phase] = run.phases;
  if (phase === undefined) throw new RangeError('a run needs at least one phase');
  return phase.model.meta;
}

/** One line of `metrics.jsonl`: means of the epoch so far. */
function metricsLine(per: 'step' | 'epoch', report: Report): Record<string, unknown> {
  return {
    per,
    epoch: report.epoch,
    step: report.step,
    updates: report.updates,
    bounds: report.bounds,
    epsilon: report.epsilon,
    naturalWeight: report.naturalWeight,
    learningRate: report.learningRate,
    robustCrossEntropy: report.robust?.crossEntropy ?? null,
    robustError: report.robust?.error ?? null,
    naturalCrossEntropy: report.natural.crossEntropy,
    naturalError: report.natural.error,
    seconds: Math.round(report.seconds * 1000) / 1000,
  };
}

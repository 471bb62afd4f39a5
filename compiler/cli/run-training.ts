/** Runs a training that is fully described: modules per phase, progress, interruption. */
import { existsSync } from 'node:fs';
import type { RunDescription, RunFolder } from '../../runtime/checkpoint/run-folder.ts';
import type { RunLock } from '../../runtime/checkpoint/run-lock.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import type { Dataset } from '../../runtime/data/dataset.ts';
import { EnvironmentError, InputError } from '../../runtime/errors.ts';
import type { Phase, Report } from '../../runtime/train/train-run.ts';
import { say } from './say.ts';

/** What is trained and how. */
export interface TrainingPlan {
  readonly architecture: string;
  readonly description: RunDescription;
  readonly folder: RunFolder;
  readonly dataset: Dataset;
  readonly resume: boolean;
  readonly saveSeconds: number;
  readonly metricsEvery: number;
}

export interface Training extends TrainingPlan {
  /** Of the folder. */
  readonly lock: RunLock;
}

/** Trains to the end, or until Ctrl-C: the first one writes a checkpoint and ends with 130, the second quits at once. */
export async function runTraining(training: Training): Promise<void> {
  const { trainInFolder } = await import('../../runtime/train/train-in-folder.ts');
  const { createProgress, describeSeconds } = await import('../../runtime/report/progress.ts');
  const { batchesPerEpoch } = await import('../../runtime/train/batches.ts');
  const { checkDatasetFits, examplesOf } = await import('../../runtime/data/dataset.ts');
  const { description, dataset, folder } = training;
  const { settings } = description;
  const phases = await loadPhases(training);
  const { meta } = phases[0]!.model;
  checkDatasetFits(dataset, meta.inputShape, meta.classes);
  const examples = examplesOf(dataset);
  say(
    `${meta.source} on ${dataset.count} examples of ${dataset.name}, ${settings.epochs} epochs: ${description.bounds}`,
  );

  const total = settings.epochs * batchesPerEpoch(dataset.count, settings.batch);
  const progress = createProgress({ stream: process.stderr, total, unit: 'steps' });
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    progress.line('stopping after this step; again to quit at once');
  };
  process.on('SIGINT', onSignal);
  try {
    const { complete } = await trainInFolder({
      ...training,
      phases,
      examples,
      signal: stop.signal,
      onStep: report => progress.update(report.updates, describeLosses(report)),
      onEpoch: report => {
        const left = describeSeconds((report.seconds / report.updates) * (total - report.updates));
        progress.line(
          `epoch ${report.epoch}/${settings.epochs} ${report.bounds}, ${describeLosses(report)}, ${left} left`,
        );
      },
      onNotice: text => progress.line(`warning: ${text}`),
    });
    progress.stop();
    if (complete) {
      say(`done: ${folder.weights}`);
    } else {
      say(`stopped; go on with --resume --out ${folder.folder}`);
      process.exitCode = 130;
    }
  } catch (error) {
    throw error instanceof EnvironmentError ? withAdvice(error, training) : error;
  } finally {
    progress.stop();
    process.off('SIGINT', onSignal);
  }
}

/** What the machine refused may work later: how to go on from what the folder holds. */
function withAdvice(error: EnvironmentError, { architecture, folder }: Training): EnvironmentError {
  const next = existsSync(folder.description)
    ? `go on with dualc train ${architecture} --resume --out ${folder.folder}`
    : 'run the same command again';
  return new EnvironmentError(`${error.message}. What was saved before stays; once this is put right, ${next}`, {
    cause: error,
  });
}

/** One compiled module per training bound. Raises `InputError` when the architecture is not the one the run began with. */
async function loadPhases({ architecture, description, resume, folder }: Training): Promise<Phase[]> {
  const { parseBoundsSchedule } = await import('../../runtime/train/bounds-schedule.ts');
  const { loadModel } = await import('./load-model.ts');
  const models = new Map<string, RobustModel>();
  const phases: Phase[] = [];
  for (const phase of parseBoundsSchedule(description.bounds, description.settings.epochs)) {
    const model =
      models.get(phase.bounds) ??
      (await loadModel(architecture, {
        norm: description.norm,
        box: description.box,
        trainBounds: phase.bounds,
        projections: description.projections,
        estimator: description.estimator,
        batch: description.settings.batch,
      }));
    if (resume && model.meta.sourceHash !== description.sourceHash) {
      throw new InputError(`${architecture} has changed since the run in ${folder.folder} began; start a new run`);
    }
    models.set(phase.bounds, model);
    phases.push({ ...phase, model });
  }
  return phases;
}

function describeLosses({ robust, natural, epsilon }: Report): string {
  const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;
  const proved = robust === null ? '' : `, robust error ${percent(robust.error)} at epsilon ${epsilon.toPrecision(3)}`;
  return `error ${percent(natural.error)}${proved}`;
}

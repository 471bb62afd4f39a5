/** Runs a training that is fully described: modules per phase, progress, interruption. */
import { existsSync } from 'node:fs';
import type { BackendName } from '../../runtime/backend/backend-name.ts';
import type { RunDescription, RunFolder } from '../../runtime/checkpoint/run-folder.ts';
import type { RunLock } from '../../runtime/checkpoint/run-lock.ts';
import type { Dataset } from '../../runtime/data/dataset.ts';
import { EnvironmentError, InputError } from '../../runtime/errors.ts';
import { counted } from '../../runtime/report/counted.ts';
import type { BatchLoss } from '../../runtime/train/batch-loss.ts';
import type { Examples } from '../../runtime/train/batches.ts';
import type { Phase, Report } from '../../runtime/train/train-run.ts';
import type { Weights } from '../../runtime/weights/weights-from.ts';
import type { Workers } from '../../runtime/workers/start-workers.ts';
import type { LoadedModule } from './load-model.ts';
import { networkDifference } from './other-network.ts';
import { resumeCommand } from './pasted-command.ts';
import { say, sayResult, warn } from './say.ts';

/** What is trained and how. */
export interface TrainingPlan {
  readonly architecture: string;
  readonly description: RunDescription;
  readonly folder: RunFolder;
  readonly dataset: Dataset;
  /** Of the dataset; all of them where this is left out. */
  readonly examples?: Examples | undefined;
  /** Weights to begin with, in place of drawn ones. */
  readonly initial?: Weights | undefined;
  readonly backend: BackendName;
  /** Threads that share each batch; 1 stands for this one. */
  readonly workers: number;
  readonly resume: boolean;
}

export interface Training extends TrainingPlan {
  /** What `--resume --out` names: the folder, or that of the cascade it belongs to. */
  readonly resumeFolder: string;
  /** Of the folder. */
  readonly lock: RunLock;
  readonly saveSeconds: number;
  readonly metricsEvery: number;
  /** `--memory`. */
  readonly memory: number | undefined;
  /** Whether the batch was asked for by name: then a step that may not fit is tried. */
  readonly batchAsked: boolean;
  /** Options to repeat when the run is resumed. */
  readonly again: readonly string[];
}

/**
 * Trains to the end, or until Ctrl-C: the first one writes a checkpoint and ends with 130, the second quits at once. Resolves to
 * whether the run is complete.
 */
export async function runTraining(training: Training): Promise<boolean> {
  const { trainInFolder } = await import('../../runtime/train/train-in-folder.ts');
  const { describeSeconds } = await import('../../runtime/report/progress.ts');
  const { showProgress } = await import('./show-progress.ts');
  const { batchesPerEpoch } = await import('../../runtime/train/batches.ts');
  const { checkDatasetFits, examplesOf } = await import('../../runtime/data/dataset.ts');
  const { architecture, description, dataset, folder, resumeFolder, again } = training;
  const { settings } = description;
  const { phases, modules } = await loadPhases(training);
  const { meta } = phases[0]!.model;
  checkDatasetFits(dataset, meta.inputShape, meta.classes);
  const examples = training.examples ?? examplesOf(dataset);
  const count = examples.labels.length;
  await checkMemory(training, phases, Math.min(settings.batch, count));
  say(
    `${meta.source} on ${counted(count, 'example')} of ${dataset.name}, ${counted(settings.epochs, 'epoch')}: ${description.bounds}`,
  );

  const total = settings.epochs * batchesPerEpoch(count, settings.batch);
  const progress = showProgress({ total, unit: 'steps' });
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    progress.line('stopping after this step; again to quit at once');
  };
  const sharing = await shareBatches(training, modules);
  process.on('SIGINT', onSignal);
  try {
    const { complete } = await trainInFolder({
      ...training,
      lossOfBatch: sharing?.lossOfBatch,
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
      sayResult(`done: ${folder.weights}`);
    } else {
      sayResult(`stopped; go on with\n  ${resumeCommand(architecture, resumeFolder, again)}`);
      process.exitCode = 130;
    }
    return complete;
  } catch (error) {
    throw error instanceof EnvironmentError ? withAdvice(error, training) : error;
  } finally {
    progress.stop();
    process.off('SIGINT', onSignal);
    await sharing?.workers.close();
  }
}

/** Null where this thread computes alone. Raises `InputError` for a network whose batches cannot be shared. */
async function shareBatches(
  { workers: count, backend }: Training,
  modules: readonly LoadedModule[],
): Promise<{ readonly lossOfBatch: BatchLoss; readonly workers: Workers } | null> {
  if (count === 1) return null;
  const { startWorkers } = await import('../../runtime/workers/start-workers.ts');
  const { lossByShards, requireShards } = await import('../../runtime/workers/loss-by-shards.ts');
  for (const { model } of modules) requireShards(model.meta);
  const workers = startWorkers({ models: modules.map(({ source }) => source), weights: [], backend }, count);
  say(`${counted(count, 'worker')} share each batch`);
  const models = modules.map(({ model }) => model);
  return { workers, lossOfBatch: lossByShards(workers, models) };
}

/** What the machine refused may work later: how to go on from what the folder holds. */
function withAdvice(
  error: EnvironmentError,
  { architecture, folder, resumeFolder, again }: Training,
): EnvironmentError {
  const next = existsSync(folder.description)
    ? `go on with\n  ${resumeCommand(architecture, resumeFolder, again)}`
    : 'run the same command again';
  return new EnvironmentError(`${error.message}. What was saved before stays; once this is put right, ${next}`, {
    cause: error,
  });
}

/** Raises `InputError` or `EnvironmentError` when a step on `largestStep` examples does not fit into the memory, before anything is written. */
async function checkMemory(
  { description, memory, workers, batchAsked }: Training,
  phases: readonly Phase[],
  largestStep: number,
): Promise<void> {
  const { exceeded, memoryLimit, stepMemory, stepProblem } = await import('./memory-limits.ts');
  const { settings, backend } = description;
  const limit = memoryLimit(memory, backend, workers);
  const needed = stepMemory(
    phases.map(({ model }) => model.meta),
    settings.optimizer,
    Math.ceil(largestStep / workers),
  );
  const problem = stepProblem(needed, largestStep, limit, process.memoryUsage.rss());
  if (problem === null) return;
  if (limit.asked || !batchAsked) throw exceeded(limit, problem);
  warn(problem);
}

/** One compiled module per training bound. Raises `InputError` when the architecture is not the one the run began with. */
async function loadPhases({
  architecture,
  description,
  resume,
  folder,
}: Training): Promise<{ readonly phases: readonly Phase[]; readonly modules: readonly LoadedModule[] }> {
  const { parseBoundsSchedule } = await import('../../runtime/train/bounds-schedule.ts');
  const { loadModule } = await import('./load-model.ts');
  const modules = new Map<string, LoadedModule>();
  const phases: Phase[] = [];
  for (const phase of parseBoundsSchedule(description.bounds, description.settings.epochs, '--bounds')) {
    const module =
      modules.get(phase.bounds) ??
      (await loadModule(architecture, {
        settings: description.set,
        norm: description.norm,
        box: description.box,
        trainBounds: phase.bounds,
        projections: description.projections,
        estimator: description.estimator,
        batch: description.settings.batch,
      }));
    const { model } = module;
    const difference = resume ? networkDifference(description, model.meta) : null;
    if (difference !== null) {
      throw new InputError(
        `${architecture} is another network than that of the run in ${folder.folder}, which ${description.architecture} described ` +
          `(- the run's, + this one's); resume it with the architecture it began with, or start a new run:\n${difference}`,
      );
    }
    modules.set(phase.bounds, module);
    phases.push({ ...phase, model });
  }
  return { phases, modules: [...modules.values()] };
}

function describeLosses({ robust, natural, epsilon }: Report): string {
  const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;
  const proved = robust === null ? '' : `, robust error ${percent(robust.error)} at epsilon ${epsilon.toPrecision(3)}`;
  return `error ${percent(natural.error)}${proved}`;
}

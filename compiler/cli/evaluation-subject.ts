/** What `certify` and `attack` look at: a model, its weights, examples, and the ball around them. */
import { existsSync } from 'node:fs';
import type * as tf from '@tensorflow/tfjs-core';
import { type BackendName, readBackendName } from '../../runtime/backend/backend-name.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import type { Dataset, Split } from '../../runtime/data/dataset.ts';
import { InputError } from '../../runtime/errors.ts';
import { counted } from '../../runtime/report/counted.ts';
import type { Examples } from '../../runtime/train/batches.ts';
import type { LoadedWeights, Weights } from '../../runtime/weights/weights-from.ts';
import type { Equipment } from '../../runtime/workers/tasks.ts';
import type { ProbabilitySizes } from '../4-schedule/plan.ts';
import { chooseEpsilon } from './epsilon-option.ts';
import { networkDifference } from './other-network.ts';
import { resumeCommand } from './pasted-command.ts';
import { say, warn } from './say.ts';
import { UsageError } from './usage-error.ts';

export interface SubjectOptions {
  readonly weights?: string | undefined;
  readonly run?: string | undefined;
  readonly data?: string | undefined;
  readonly inputs?: string | undefined;
  readonly split: Split;
  readonly limit?: number | undefined;
  readonly dataDir?: string | undefined;
  readonly backend?: string | undefined;
  readonly epsilon?: number | undefined;
  readonly norm?: 'linf' | 'l2' | undefined;
  /** `false` for `--no-box`. */
  readonly box?: [number, number] | boolean | undefined;
  readonly bounds?: string | undefined;
  readonly probability?: ProbabilitySizes | undefined;
  readonly batch?: number | undefined;
  readonly workers?: number | undefined;
  readonly memory?: number | undefined;
}

export interface Subject {
  readonly model: RobustModel;
  readonly params: Record<string, tf.Tensor>;
  readonly examples: Examples;
  readonly epsilon: number;
  readonly backend: BackendName;
  /** Of each worker. */
  readonly threads: number;
  /** Examples at a time, at most, as far as memory allows. */
  readonly batch: number;
  /** Threads that share the examples; 1 stands for this one. */
  readonly workers: number;
  /** What each of several workers needs. */
  readonly equipment: Equipment;
}

/** Share of a worker's memory that a compiled schedule may plan with: Node, the backend and the data need the rest. */
const scheduleShare = 0.4;

/**
 * Loads everything, and says on standard error what was chosen. Raises `InputError` for a combination of options that
 * says too little or too much, and for data that the network was trained on, unless `--split train` asks for them.
 */
export async function loadSubject(architecture: string, options: SubjectOptions): Promise<Subject> {
  checkSources(options);
  const { selectBackend } = await import('../../runtime/backend/select-backend.ts');
  const { loadModule } = await import('./load-model.ts');
  const { isOnGpu, memoryOfAll, oneThreadEach, requireCpu, workersAllowed } = await import('./workers-option.ts');
  const { usefulWorkers, usualBatch } = await import('../../runtime/workers/worker-count.ts');
  if (options.backend !== undefined) readBackendName(options.backend, '--backend');
  const most = workersAllowed(options);
  const { model, source } = await loadModule(architecture, {
    ...(options.norm === undefined ? {} : { norm: options.norm }),
    ...boxOption(options.box),
    ...(options.bounds === undefined ? {} : { certifyBounds: options.bounds }),
    ...(options.probability === undefined ? {} : { probability: options.probability }),
    memoryBytes: Math.floor((scheduleShare * memoryOfAll(options, most)) / most),
  });
  const { epsilon, said, warning } = chooseEpsilon(options.epsilon, options.norm, model.meta);
  const { weights, trainedOn, data } = await loadTrained(architecture, options, model);
  const dataset = await loadExamples({ ...options, data: options.data ?? data }, model);
  await refuseOverlap(trainedOn, dataset, options.split);
  const batch = options.batch ?? usualBatch(dataset.count);
  const useful = usefulWorkers(options.workers, most, Math.ceil(dataset.count / batch));
  if (useful > 1) oneThreadEach();
  const backend = await selectBackend({ prefer: options.backend, source: '--backend' });
  requireCpu(options.workers ?? 1, backend.name);
  const workers = isOnGpu(backend.name) ? 1 : useful;
  const { examplesOf } = await import('../../runtime/data/dataset.ts');
  const { makeTensors } = await import('../../runtime/train/snapshot.ts');
  say(`${model.meta.source} on ${counted(dataset.count, 'example')} of ${dataset.name} (${dataset.split})`);
  say(said);
  if (warning !== null) warn(warning);
  say(`backend ${backend.name}: ${backend.reason}`);
  if (workers > 1 || (options.workers ?? 1) > 1) say(describeWorkers(workers, options));
  return {
    model,
    params: makeTensors(weights),
    examples: examplesOf(dataset),
    epsilon,
    backend: backend.name,
    threads: backend.threads,
    batch,
    workers,
    equipment: { models: [source], weights, backend: backend.name },
  };
}

const describeWorkers = (workers: number, { workers: asked = workers }: SubjectOptions): string =>
  workers < asked ? `${counted(workers, 'worker')}: there are no more batches` : counted(workers, 'worker');

/** What `loadModel` is told about the box: nothing, none, or which. */
export function boxOption(box: SubjectOptions['box']): { box?: [number, number] | null } {
  if (box === false) return { box: null };
  return Array.isArray(box) ? { box } : {};
}

function checkSources({ weights, run, data, inputs }: SubjectOptions): void {
  if ((weights === undefined) === (run === undefined)) {
    throw new UsageError('give the weights by --weights FILE or by --run RUN, one of the two');
  }
  if (data !== undefined && inputs !== undefined) throw new UsageError('give --data or --inputs, not both');
  if (data === undefined && inputs === undefined && run === undefined) {
    throw new UsageError('give the examples by --data DATASET or --inputs FILE');
  }
}

interface Trained {
  readonly weights: Weights;
  /** Lineage of the data that trained them, when the file or the run says so. */
  readonly trainedOn: string | undefined;
  /** The run's dataset. */
  readonly data: string | undefined;
}

async function loadTrained(architecture: string, options: SubjectOptions, { meta }: RobustModel): Promise<Trained> {
  const { weights, run } = options;
  if (weights !== undefined) {
    const loaded = await loadFile(weights, meta);
    return { weights: loaded.weights, trainedOn: loaded.metadata.trainedOn, data: undefined };
  }
  const { readRunDescription, runFolder } = await import('../../runtime/checkpoint/run-folder.ts');
  const folder = runFolder(run ?? '');
  const description = await readRunDescription(folder);
  if (!existsSync(folder.weights)) {
    throw new InputError(
      `the run in ${folder.folder} is not finished; go on with\n  ${resumeCommand(architecture, folder.folder, options.dataDir === undefined ? [] : ['--data-dir', options.dataDir])}`,
    );
  }
  const difference = networkDifference(description, meta);
  if (difference !== null) {
    warn(
      `${architecture} is another network than the one that the run in ${folder.folder} trained ` +
        `(- the run's, + this one's):\n${difference}`,
    );
  }
  if (options.norm === undefined && description.norm !== meta.ball.norm) {
    warn(
      `the run in ${folder.folder} trained for an ${description.norm} ball; this is ${meta.ball.norm}, the architecture's ` +
        `(--norm ${description.norm} for the run's)`,
    );
  }
  const loaded = await loadFile(folder.weights, meta);
  return { weights: loaded.weights, trainedOn: description.lineage, data: description.data };
}

async function loadFile(file: string, meta: RobustModel['meta']): Promise<LoadedWeights> {
  const { loadWeightsFile } = await import('../../runtime/weights/load-weights.ts');
  return loadWeightsFile(file, meta);
}

async function loadExamples(options: SubjectOptions, { meta }: RobustModel): Promise<Dataset> {
  const { checkDatasetFits, firstExamples } = await import('../../runtime/data/dataset.ts');
  const load = async (): Promise<Dataset> => {
    if (options.inputs !== undefined) {
      const { loadInputs } = await import('../../runtime/data/load-inputs.ts');
      return firstExamples(await loadInputs(options.inputs, { classes: meta.classes }), options.limit);
    }
    const { loadDataset } = await import('../../runtime/data/load-dataset.ts');
    return loadDataset(options.data ?? '', { split: options.split, limit: options.limit, dataDir: options.dataDir });
  };
  const dataset = await load();
  checkDatasetFits(dataset, meta.inputShape, meta.classes);
  return dataset;
}

async function refuseOverlap(trainedOn: string | undefined, dataset: Dataset, split: Split): Promise<void> {
  if (trainedOn === undefined) return;
  const { checkTrainTestOverlap } = await import('../../runtime/data/lineage.ts');
  const problem = checkTrainTestOverlap(trainedOn, dataset.lineage);
  if (problem === null) return;
  if (split !== 'train') throw new InputError(problem);
  warn(problem);
}

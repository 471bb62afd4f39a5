/** What `certify`, `predict` and `attack` look at: a model, its weights, examples, and the ball around them. */
import type * as tf from '@tensorflow/tfjs-core';
import { type BackendName, readBackendName } from '../../runtime/backend/backend-name.ts';
import type { Cascade, CascadeRule } from '../../runtime/cascade/cascade.ts';
import type { Stages } from '../../runtime/cascade/certify-cascade.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import type { Dataset, Split } from '../../runtime/data/dataset.ts';
import { InputError } from '../../runtime/errors.ts';
import { counted } from '../../runtime/report/counted.ts';
import type { Examples } from '../../runtime/train/batches.ts';
import type { Equipment } from '../../runtime/workers/tasks.ts';
import type { Settings } from '../1-frontend/apply-settings.ts';
import type { ProbabilitySizes } from '../4-schedule/plan.ts';
import { chooseEpsilon } from './epsilon-option.ts';
import { say, warn } from './say.ts';
import { findWeights, loadWeightsOf } from './trained-weights.ts';
import { UsageError } from './usage-error.ts';

export interface SubjectOptions {
  /** Several are the stages of a cascade. */
  readonly weights?: readonly string[] | undefined;
  readonly run?: string | undefined;
  /** Default: as the run has them. */
  readonly set?: Settings | undefined;
  readonly cascadeRule?: CascadeRule | undefined;
  readonly thresholds?: readonly number[] | undefined;
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
  /** `false` takes a file of --inputs without labels. */
  readonly needsLabels?: boolean | undefined;
  readonly probability?: ProbabilitySizes | undefined;
  readonly batch?: number | undefined;
  readonly workers?: number | undefined;
  readonly memory?: number | undefined;
}

export interface Subject {
  readonly model: RobustModel;
  readonly params: Record<string, tf.Tensor>;
  /** Null for one network. `params` are those of its first stage. */
  readonly cascade: (Stages & { readonly cascade: Cascade }) | null;
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
  /** By stage. */
  readonly weightFiles: readonly string[];
  /** The dataset, as in `--data`; undefined for a file of the user's. */
  readonly data: string | undefined;
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
  const found = await findWeights(architecture, options);
  const bounds = options.bounds ?? found.certifyBounds;
  const { model, source } = await loadModule(architecture, {
    settings: options.set ?? found.run?.set,
    ...(options.norm === undefined ? {} : { norm: options.norm }),
    ...boxOption(options.box),
    ...(bounds === undefined ? {} : { certifyBounds: bounds }),
    ...(options.probability === undefined ? {} : { probability: options.probability }),
    memoryBytes: Math.floor((scheduleShare * memoryOfAll(options, most)) / most),
  });
  const { epsilon, said, warning } = chooseEpsilon(options.epsilon, options.norm, model.meta);
  const { weights, trainedOn, data, cascade } = await loadWeightsOf(found, architecture, options, model.meta);
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
  const trainedFor = found.cascade === null ? undefined : found.run?.settings.epsilon.to;
  if (trainedFor !== undefined && trainedFor !== epsilon) {
    warn(
      `the cascade was trained for epsilon ${trainedFor}, and is asked at ${epsilon}: what it proves holds there, of fewer examples`,
    );
  }
  say(`backend ${backend.name}: ${backend.reason}`);
  if (workers > 1 || (options.workers ?? 1) > 1) say(describeWorkers(workers, options));
  const params = weights.map(makeTensors);
  return {
    model,
    params: params[0]!,
    cascade: cascade === null ? null : { model, params, cascade },
    examples: examplesOf(dataset),
    epsilon,
    backend: backend.name,
    threads: backend.threads,
    batch,
    workers,
    equipment: { models: [source], weights, backend: backend.name },
    weightFiles: found.files,
    data: options.inputs === undefined ? (options.data ?? data) : undefined,
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

async function loadExamples(options: SubjectOptions, { meta }: RobustModel): Promise<Dataset> {
  const { checkDatasetFits, firstExamples } = await import('../../runtime/data/dataset.ts');
  const load = async (): Promise<Dataset> => {
    if (options.inputs !== undefined) {
      const { loadInputs } = await import('../../runtime/data/load-inputs.ts');
      return firstExamples(
        await loadInputs(options.inputs, { classes: meta.classes, needsLabels: options.needsLabels ?? true }),
        options.limit,
      );
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

/** Benches an architecture on one backend, in this process. */
import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { type ClockName, clocks } from '../../../runtime/bench/clocks.ts';
import type { ModelMeta } from '../../../runtime/contract.ts';
import { checkDatasetFits, examplesOf } from '../../../runtime/data/dataset.ts';
import { loadDataset } from '../../../runtime/data/load-dataset.ts';
import { InputError } from '../../../runtime/errors.ts';
import { uniform } from '../../../runtime/random/draws.ts';
import { foldIn, keyFrom } from '../../../runtime/random/random-key.ts';
import { counted } from '../../../runtime/report/counted.ts';
import { initializeParams } from '../../../runtime/train/initialize.ts';
import { makeTensors } from '../../../runtime/train/snapshot.ts';
import { loadWeightsFile } from '../../../runtime/weights/load-weights.ts';
import { importModel } from '../../../runtime/workers/model-source.ts';
import type { Settings } from '../../1-frontend/apply-settings.ts';
import { readGraph } from '../../compile.ts';
import { defaultOptions } from '../../options.ts';
import { silentTrace } from '../../shared/trace.ts';
import { version } from '../../version.ts';
import { memoryLimit } from '../memory-limits.ts';
import { say } from '../say.ts';
import { sayDiagnostics } from '../say-diagnostics.ts';
import { showProgress } from '../show-progress.ts';
import { ratesOf } from './backend-rates.ts';
import type { BenchReport } from './bench-report.ts';
import { compileStrategies } from './compile-strategies.ts';
import { measureBackend } from './measure-backend.ts';
import { predictUpdate } from './predict-update.ts';
import { type Bench, makeTrainee } from './row-task.ts';
import type { ChosenStrategies } from './strategies.ts';

export interface BenchOptions {
  readonly weights?: string | undefined;
  readonly data?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly epsilon?: number | undefined;
  readonly batches: readonly number[];
  readonly backend?: string | undefined;
  readonly strategies: ChosenStrategies;
  readonly rounds: number;
  /** `--set`. */
  readonly set?: Settings | undefined;
  readonly memory: number;
  /** Seconds. */
  readonly longest: number;
  readonly projections: number;
  readonly seed: number;
  readonly clock: ClockName;
  readonly signal: AbortSignal;
}

/** Share of `--memory` that a schedule may plan with, as `certify` has it. */
const scheduleShare = 0.4;

export async function benchArchitecture(path: string, options: BenchOptions): Promise<BenchReport> {
  const backend = await selectBackend({ prefer: options.backend, source: '--backend' });
  const { rates, own } = ratesOf(backend.name);
  const { graph, warnings } = readGraph(path, silentTrace, { settings: options.set ?? {} });
  sayDiagnostics(warnings);
  const batch = Math.max(...options.batches);
  const subjects = await compileStrategies(graph, options.strategies, {
    options: {
      ...defaultOptions,
      projections: options.projections,
      memoryBytes: Math.floor(scheduleShare * options.memory),
      certifyBatch: batch,
      trainBatch: batch,
      rates,
      language: 'js',
      tensors: new URL('../../../runtime/tensors.js', import.meta.url).href,
      runtime: new URL('../../../runtime/index.js', import.meta.url).href,
    },
    batches: options.batches,
    rates: rates.rates,
    importCode: code => importModel({ kind: 'code', code }),
    onModule: (done, total) => say(`compiled ${done} of ${counted(total, 'module')}`),
  });
  const [first] = subjects;
  if (first === undefined) throw new InputError('there is nothing to measure');
  const { meta } = first.model;
  const { params, weights } = await paramsFor(meta, options);
  const { images, labels, said } = await imagesFor(meta, batch, options);
  const epsilon = options.epsilon ?? meta.ball.epsilon;
  const bench: Bench = { params, images, labels, epsilon, trainee: makeTrainee(params, first) };
  say(`${meta.source}: ${weights}; ${said}`);
  say(`backend ${backend.name}: ${backend.reason}`);
  const progress: { shown?: ReturnType<typeof showProgress> } = {};
  const measured = await measureBackend(subjects, bench, backend, {
    rounds: options.rounds,
    limits: {
      memory: memoryLimit(options.memory, backend.name, 1),
      resident: process.memoryUsage.rss(),
      longest: options.longest,
      ownRates: own,
    },
    updateMs: await predictUpdate(bench, meta, rates.rates),
    now: clocks[options.clock],
    signal: options.signal,
    onCall(done, calls, row) {
      progress.shown ??= showProgress({ total: calls, unit: 'turns', lineSeconds: 10 });
      progress.shown.update(done, `${backend.name}: ${row}`);
    },
  });
  progress.shown?.stop();
  tf.dispose([bench.params, bench.images, bench.labels, bench.trainee.params]);
  bench.trainee.optimizer.dispose();
  return {
    schema: 1,
    dualc: version,
    node: process.versions.node,
    cores: os.availableParallelism(),
    architecture: meta.source,
    sourceHash: meta.sourceHash,
    weights,
    images: said,
    epsilon,
    norm: meta.ball.norm,
    rounds: options.rounds,
    clock: options.clock,
    complete: measured.complete,
    backends: [measured.bench],
  };
}

async function paramsFor(meta: ModelMeta, { weights, seed }: BenchOptions) {
  if (weights === undefined)
    return {
      params: initializeParams(meta.parameters, keyFrom(seed), 'he'),
      weights: `first weights (he), seed ${seed}`,
    };
  return { params: makeTensors((await loadWeightsFile(weights, meta)).weights), weights };
}

/** Examples of a dataset, or random ones: uniform in the box, in [0, 1] where there is none. */
async function imagesFor(meta: ModelMeta, batch: number, { data, dataDir, seed }: BenchOptions) {
  const shape = [batch, ...meta.inputShape];
  if (data !== undefined) {
    const dataset = await loadDataset(data, { split: 'test', limit: batch, dataDir });
    checkDatasetFits(dataset, meta.inputShape, meta.classes);
    if (dataset.count < batch)
      throw new InputError(`--batch ${batch} needs as many examples, and ${dataset.name} (test) has ${dataset.count}`);
    const { values, labels } = examplesOf(dataset, 0, batch);
    const said = `the first ${counted(batch, 'example')} of ${dataset.name} (test)`;
    return { images: tf.tensor(values, shape), labels: tf.tensor1d(labels, 'int32'), said };
  }
  const key = foldIn(keyFrom(seed), 'bench');
  const [low, high] = meta.ball.box ?? [0, 1];
  const pixels = uniform(foldIn(key, 'images'), tf.util.sizeFromShape(shape)).map(u => low + (high - low) * u);
  const labels = Int32Array.from(uniform(foldIn(key, 'labels'), batch), u => Math.floor(u * meta.classes));
  return {
    images: tf.tensor(pixels, shape),
    labels: tf.tensor1d(labels, 'int32'),
    said: `random images, uniform in [${low}, ${high}], seed ${seed}`,
  };
}

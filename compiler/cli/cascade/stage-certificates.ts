/** What a trained stage certifies of the training data: it decides what the next stage learns. */
import { existsSync } from 'node:fs';
import type { StageVerdicts } from '../../../runtime/cascade/cascade.ts';
import type { TimedVerdicts } from '../../../runtime/cascade/certify-cascade.ts';
import type { CascadeManifest } from '../../../runtime/checkpoint/cascade-folder.ts';
import { counted } from '../../../runtime/report/counted.ts';
import type { Examples } from '../../../runtime/train/batches.ts';
import { type LoadedModule, loadModule } from '../load-model.ts';
import { say } from '../say.ts';
import { showProgress } from '../show-progress.ts';
import type { CascadeTraining } from './train-cascade.ts';

/** Examples at a time; one batch for all stages, so that bits do not depend on it. */
const batch = 32;

/** Of all examples, those held out too. Read from the stage's folder when they are there. */
export async function verdictsOfStage(
  training: CascadeTraining,
  stage: number,
  examples: Examples,
): Promise<StageVerdicts> {
  const { loadVerdicts, saveVerdicts } = await import('../../../runtime/checkpoint/verdicts-file.ts');
  const { manifest, folder, lock } = training;
  const { verdicts: file } = folder.stage(stage);
  if (existsSync(file)) return loadVerdicts(file, examples.labels.length);
  const epsilon = manifest.run.settings.epsilon.to;
  const { verdicts } = await computeVerdicts(training, stage, examples, epsilon);
  lock.assertHeld();
  await saveVerdicts(file, verdicts, { epsilon: String(epsilon), bounds: manifest.certifyBounds });
  return verdicts;
}

/** Raises what the compiler does for bounds that cannot be, and `InputError` for such that prove nothing: before anything is trained. */
export async function certifyingModule(
  architecture: string,
  { run, certifyBounds }: CascadeManifest,
): Promise<LoadedModule> {
  const { requireProof } = await import('../../../runtime/certify/require-proof.ts');
  const module = await loadModule(architecture, {
    settings: run.set,
    norm: run.norm,
    box: run.box,
    ...(certifyBounds === '' ? {} : { certifyBounds }),
  });
  requireProof(module.model.meta, false);
  return module;
}

async function computeVerdicts(
  { architecture, manifest, folder, backend, workers }: CascadeTraining,
  stage: number,
  examples: Examples,
  epsilon: number,
): Promise<TimedVerdicts> {
  const { loadWeights } = await import('../../../runtime/weights/load-weights.ts');
  const { makeTensors } = await import('../../../runtime/train/snapshot.ts');
  const { checkStages, stageVerdicts } = await import('../../../runtime/cascade/certify-cascade.ts');
  const { dispose } = await import('@tensorflow/tfjs-core');
  const { model, source } = await certifyingModule(architecture, manifest);
  const weights = await loadWeights(folder.stage(stage).weights, model.meta);
  const params = makeTensors(weights);
  say(`certifying ${counted(examples.labels.length, 'example')} with stage ${stage + 1}`);
  const progress = showProgress({ total: examples.labels.length, unit: 'examples', lineSeconds: 10 });
  const onBatch = (done: number): void => progress.update(done, `with stage ${stage + 1}`);
  try {
    const options = { epsilon, batch, onBatch };
    const checked = await checkStages({ model, params: [params] }, examples, options, undefined);
    if (workers === 1) return await stageVerdicts(model, params, examples, checked);
    const { startWorkers } = await import('../../../runtime/workers/start-workers.ts');
    const { stageVerdictsByWorkers } = await import('../../../runtime/workers/cascade-by-workers.ts');
    const pool = startWorkers({ models: [source], weights: [weights], backend }, workers);
    try {
      return await stageVerdictsByWorkers(pool, model.meta, 0, examples, checked);
    } finally {
      await pool.close();
    }
  } finally {
    progress.stop();
    dispose(params);
  }
}

/** What the stages so far come to on examples that trained none of them. */
export async function describeRates(
  stages: readonly StageVerdicts[],
  { rule, run }: CascadeManifest,
  labels: Int32Array,
): Promise<string> {
  const { judgeCascade } = await import('../../../runtime/cascade/judge-cascade.ts');
  const { printRate } = await import('../../../runtime/statistics/rate.ts');
  const cascade = { rule, thresholds: stages.map(() => 0) };
  const { robust, coverage } = judgeCascade(stages, cascade, run.settings.epsilon.to, labels, 0);
  return `held out: robust error ${printRate(robust)}, coverage error ${(100 * coverage.rate).toFixed(1)} %`;
}

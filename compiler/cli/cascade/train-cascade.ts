/** Trains the stages of a cascade one after the other, and chooses its thresholds. Whatever is done is kept: a run that was cut goes on there. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StageVerdicts } from '../../../runtime/cascade/cascade.ts';
import type { CascadeFolder, CascadeManifest, CascadeResult } from '../../../runtime/checkpoint/cascade-folder.ts';
import type { Dataset } from '../../../runtime/data/dataset.ts';
import { counted } from '../../../runtime/report/counted.ts';
import type { Examples } from '../../../runtime/train/batches.ts';
import type { Weights } from '../../../runtime/weights/weights-from.ts';
import { loadModule } from '../load-model.ts';
import { networkDifference } from '../other-network.ts';
import { runTraining, type Training, type TrainingPlan } from '../run-training.ts';
import { say, sayResult } from '../say.ts';
import { certifyingModule, describeRates, verdictsOfStage } from './stage-certificates.ts';

export interface CascadeTraining
  extends Omit<Training, 'description' | 'folder' | 'resume' | 'examples' | 'initial' | 'resumeFolder'> {
  readonly manifest: CascadeManifest;
  readonly folder: CascadeFolder;
  readonly dataset: Dataset;
}

/** Raises what training and certification do. */
export async function trainCascade(training: CascadeTraining): Promise<void> {
  const { cleanCascade, writeCascadeManifest, stageName } = await import(
    '../../../runtime/checkpoint/cascade-folder.ts'
  );
  const { chooseThresholds } = await import('../../../runtime/cascade/choose-thresholds.ts');
  const { robustExamplesOf } = await import('../../../runtime/cascade/stage-plan.ts');
  const { examplesOf } = await import('../../../runtime/data/dataset.ts');
  const { manifest, folder, dataset } = training;
  await requireSameNetwork(training);
  await cleanCascade(folder, manifest.stages);
  if (!existsSync(folder.manifest)) await writeCascadeManifest(folder, manifest);
  const cut = dataset.count - manifest.validation;
  const all = examplesOf(dataset);
  const size = all.values.length / all.labels.length;
  const own: Examples = { values: all.values.subarray(0, cut * size), labels: all.labels.subarray(0, cut) };
  const validation = all.labels.subarray(cut);
  const stages: CascadeResult['stages'][number][] = [];
  const verdicts: StageVerdicts[] = [];
  for (let stage = 0; stage < manifest.stages; stage++) {
    const examples = await examplesFor(training, own, verdicts);
    if (examples.labels.length === 0 || robustExamplesOf(examples) === 0) {
      say(`the stages before certify every example: nothing is left for stage ${stage + 1}`);
      break;
    }
    say(`stage ${stage + 1} of ${manifest.stages}`);
    if (!(await trainStage(training, stage, examples))) return;
    verdicts.push(await verdictsOfStage(training, stage, all));
    const weights = path.posix.join(stageName(stage), 'weights.safetensors');
    stages.push({ weights, examples: examples.labels.length, robustExamples: robustExamplesOf(examples) });
    if (manifest.validation > 0) say(await describeRates(held(verdicts, cut), manifest, validation));
  }
  const { rule } = manifest;
  const chosen = held(verdicts, cut);
  const thresholds = manifest.validation === 0 ? stages.map(() => 0) : chooseThresholds(chosen, rule, validation);
  await writeCascadeManifest(folder, { ...manifest, result: { rule, thresholds: [...thresholds], stages } });
  if (thresholds.some(threshold => threshold > 0)) {
    say(
      `thresholds ${thresholds.map(threshold => threshold.toPrecision(3)).join(', ')}, chosen by the examples held out`,
    );
  }
  sayResult(`done: ${folder.manifest}, a cascade of ${counted(stages.length, 'stage')}`);
}

/** Raises `InputError` when the architecture is not the one the cascade began with, and what `certifyingModule` does. */
async function requireSameNetwork({ architecture, manifest, folder }: CascadeTraining): Promise<void> {
  const { InputError } = await import('../../../runtime/errors.ts');
  const { model } = await certifyingModule(architecture, manifest);
  const difference = networkDifference(manifest.run, model.meta);
  if (difference === null) return;
  throw new InputError(
    `${architecture} is another network than that of the cascade in ${folder.folder} (- the cascade's, + this one's); resume it with ` +
      `the architecture it began with, or start a new one:\n${difference}`,
  );
}

/** Of the examples behind the first `cut` ones. */
const held = (stages: readonly StageVerdicts[], cut: number): StageVerdicts[] =>
  stages.map(({ classes, margins, leads, notComputed }) => ({
    classes: classes.subarray(cut),
    margins: margins.subarray(cut),
    leads: leads.subarray(cut),
    notComputed: notComputed.flatMap(example => (example < cut ? [] : [example - cut])),
  }));

async function examplesFor(
  { manifest }: CascadeTraining,
  examples: Examples,
  verdicts: readonly StageVerdicts[],
): Promise<Examples> {
  const { examplesOfStage, settledBy } = await import('../../../runtime/cascade/stage-plan.ts');
  const settled = verdicts.map(stage => settledBy(stage, examples.labels, manifest.training));
  const size = examples.values.length / examples.labels.length;
  return examplesOfStage(examples, settled, manifest.later.examples, [size]);
}

/** Resolves to whether the stage is complete. */
async function trainStage(training: CascadeTraining, stage: number, examples: Examples): Promise<boolean> {
  const { descriptionOfStage } = await import('../../../runtime/cascade/stage-plan.ts');
  const { makeFolder } = await import('../../../runtime/files/folders.ts');
  const { readRunDescription } = await import('../../../runtime/checkpoint/run-folder.ts');
  const { manifest, folder } = training;
  const own = folder.stage(stage);
  await makeFolder(own.folder);
  if (existsSync(own.weights)) return true;
  const resume = existsSync(own.description);
  const plan: TrainingPlan = {
    ...training,
    description: resume ? await readRunDescription(own) : descriptionOfStage(manifest, stage, examples.labels.length),
    folder: own,
    examples,
    ...(stage > 0 && manifest.later.start === 'previous' ? { initial: await weightsOf(training, stage - 1) } : {}),
    resume,
  };
  return runTraining({ ...training, ...plan, resumeFolder: folder.folder });
}

async function weightsOf({ architecture, manifest, folder }: CascadeTraining, stage: number): Promise<Weights> {
  const { loadWeights } = await import('../../../runtime/weights/load-weights.ts');
  const { model } = await loadModule(architecture, {
    settings: manifest.run.set,
    norm: manifest.run.norm,
    box: manifest.run.box,
  });
  return loadWeights(folder.stage(stage).weights, model.meta);
}

/** The border of `train`. */
import * as v from 'valibot';
import { callback, duration, wholeNumber } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { checkBackend } from '../border/check-backend.ts';
import { checkModel } from '../border/check-model.ts';
import { showValue } from '../border/show-value.ts';
import { checkExamples } from '../certify/check-examples.ts';
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { counted } from '../report/counted.ts';
import { mismatches, nonFinite } from '../weights/check-parameters.ts';
import { checkWeights } from '../weights/check-weights.ts';
import type { Weights } from '../weights/weights-from.ts';
import { checkAugmentation } from './augment.ts';
import { type BatchLoss, lossHere } from './batch-loss.ts';
import type { Examples } from './batches.ts';
import { completeSettings } from './settings-schema.ts';
import type { Snapshot } from './snapshot.ts';
import type { CheckedRun, Phase, TrainHooks, TrainRun } from './train-run.ts';

const anything = v.optional(v.unknown());
const needsObject = 'it needs an object';

/** What is looked at here; the rest has checks of its own. */
const runSchema = v.strictObject(
  {
    model: anything,
    phases: v.optional(
      v.array(
        v.strictObject({ model: v.unknown(), bounds: v.string(), epochs: wholeNumber(1) }, needsObject),
        'it needs a list',
      ),
    ),
    examples: v.unknown(),
    settings: anything,
    initial: anything,
    from: anything,
    hooks: v.optional(
      v.strictObject(
        {
          step: v.optional(callback<NonNullable<TrainHooks['step']>>()),
          epoch: v.optional(callback<NonNullable<TrainHooks['epoch']>>()),
          save: v.optional(callback<NonNullable<TrainHooks['save']>>()),
        },
        needsObject,
      ),
    ),
    saveSeconds: v.optional(duration, Number.POSITIVE_INFINITY),
    lossOfBatch: v.optional(callback<BatchLoss>(), () => lossHere),
    signal: v.optional(v.instance(AbortSignal, 'it needs the signal of an AbortController')),
  },
  needsObject,
);

/** The run with what was left open filled in. Raises `InputError` for whatever could not be trained. */
export function checkRun(run: TrainRun): CheckedRun {
  checkBackend('train');
  const { saveSeconds, lossOfBatch } = checkArgument(runSchema, run, 'train: run');
  const first = (run.phases?.[0] as Phase | undefined)?.model ?? run.model;
  if ((run.phases === undefined) === (run.model === undefined) || first === undefined) {
    throw new InputError('train: run needs a model, or phases with a model each: one of the two');
  }
  for (const { model } of run.phases ?? [{ model: first }]) checkModel(model, 'train');
  const { meta } = first;
  const settings = completeSettings(run.settings, meta);
  const phases = run.phases ?? [{ bounds: 'as compiled', epochs: settings.epochs, model: first }];
  const sum = phases.reduce((epochs, phase) => epochs + phase.epochs, 0);
  if (sum !== settings.epochs) {
    throw new InputError(
      `train: run.phases have ${sum} epochs, and settings.epochs is ${settings.epochs}: make them equal`,
    );
  }
  for (const { model } of phases) checkSameParameters(model.meta, meta);
  checkExamples(meta, run.examples);
  checkProved(run.examples);
  if (settings.augment !== null) checkAugmentation(settings.augment, meta.inputShape);
  const from = run.from ?? null;
  if (from !== null) checkSnapshot(from, meta);
  const initial = run.initial ?? null;
  if (initial !== null) checkInitial(initial, meta);
  return { ...run, settings, phases, initial, from, hooks: run.hooks ?? {}, saveSeconds, lossOfBatch };
}

function checkSameParameters(meta: ModelMeta, first: ModelMeta): void {
  const list = ({ inputShape, parameters }: ModelMeta): string =>
    [inputShape, ...parameters.map(({ name, shape }) => `${name} ${shape}`)].join('; ');
  if (list(meta) !== list(first)) {
    throw new InputError(`train: ${meta.source} and ${first.source} are phases of one run, but have other parameters`);
  }
}

function checkProved({ proved, labels }: Examples): void {
  if (proved === undefined) return;
  if (!(proved instanceof Uint8Array)) {
    throw new InputError(`train: examples.proved is ${showValue(proved)}: it needs a Uint8Array of 0 and 1`);
  }
  if (proved.length !== labels.length) {
    throw new InputError(
      `train: examples.proved has length ${proved.length}, and there are ${counted(labels.length, 'example')}`,
    );
  }
}

function checkInitial(weights: Weights, meta: ModelMeta): void {
  checkWeights(weights, 'train: run.initial');
  const problems = parameterProblems(weights, meta);
  if (problems.length > 0)
    throw new InputError(`train: run.initial does not fit ${meta.source}: ${problems.join('; ')}`);
}

function parameterProblems(weights: Weights, meta: ModelMeta, others: Weights = {}): string[] {
  const problems = mismatches(new Map(Object.entries(weights)), meta.parameters, 'tfjs');
  for (const [name, { data, shape }] of Object.entries({ ...weights, ...others })) {
    const bad = nonFinite(name, data, shape);
    if (bad !== null) problems.push(bad);
  }
  return problems;
}

function checkSnapshot({ params, optimizer, position }: Snapshot, meta: ModelMeta): void {
  checkWeights(params, 'train: run.from.params');
  checkWeights(optimizer, 'train: run.from.optimizer');
  const problems = parameterProblems(params, meta, optimizer);
  for (const name of ['epoch', 'step', 'updates'] as const) {
    const value = position?.[name];
    if (!Number.isSafeInteger(value) || value < 0) problems.push(`position.${name} is ${value}, no count`);
  }
  if (problems.length > 0) throw new InputError(`train: run.from does not fit ${meta.source}: ${problems.join('; ')}`);
}

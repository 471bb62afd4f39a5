/** The training loop: epochs, steps, schedules. Knows nothing of files; a run folder listens through `TrainHooks`. */

import * as tf from '@tensorflow/tfjs-core';
import type { ModelMeta, RandomKey } from '../contract.ts';
import { nextTurn } from '../next-turn.ts';
import { foldIn, keyFrom } from '../random/random-key.ts';
import { augmented } from './augment.ts';
import { batchesPerEpoch, type Examples, epochOrder, gatherExamples } from './batches.ts';
import { phaseAt } from './bounds-schedule.ts';
import { checkRun } from './check-run.ts';
import { emptyTotals, meansOf } from './epoch-totals.ts';
import { initializeParams } from './initialize.ts';
import { firstNotFinite } from './locate-nan.ts';
import { makeTensors, type Position, readTensors, type Snapshot, startPosition } from './snapshot.ts';
import type { CheckedRun, Report, TrainRun } from './train-run.ts';
import { makeOptimizer } from './train-settings.ts';
import { diverged, planStep, type StepPlan, takeStep } from './train-step.ts';
import { trainedOf } from './trained-params.ts';

/**
 * Trains to the last epoch, or until the signal. Resolves to the last snapshot and whether the run is complete. The same
 * settings, data, model and backend give the same bits, also when the run was cut and resumed from any snapshot.
 * Raises `InputError` for a run that `checkRun` refuses, and
 * when a loss or a parameter is no longer finite; the snapshots saved before stay good.
 */
export async function train(asked: TrainRun): Promise<{ snapshot: Snapshot; complete: boolean }> {
  const run = checkRun(asked);
  const { settings, examples, hooks } = run;
  const first = phaseAt(run.phases, 0).model;
  const key = keyFrom(settings.seed);
  const params = run.from === null ? firstParams(run, first.meta, key) : makeTensors(run.from.params);
  const saved = run.from === null ? null : makeTensors(run.from.optimizer);
  const optimizer = makeOptimizer(settings.optimizer, trainedOf(params, first.meta), saved);
  if (saved !== null) tf.dispose(saved);

  let position = run.from?.position ?? startPosition;
  const count = examples.labels.length;
  const steps = batchesPerEpoch(count, settings.batch);
  let since = performance.now();
  let lastSave = since;
  const clock = (): number => {
    const now = performance.now();
    const seconds = position.seconds + (now - since) / 1000;
    since = now;
    return seconds;
  };
  const snapshot = async (): Promise<Snapshot> => ({
    position,
    params: await readTensors(params),
    optimizer: await readTensors(optimizer.state()),
  });
  const save = async (): Promise<void> => {
    const broken = await firstNotFinite({ ...params, ...optimizer.state() });
    if (broken !== null) throw diverged(position, `the parameter or moment ${broken} is not finite`);
    if (hooks.save !== undefined) await hooks.save(await snapshot());
    lastSave = performance.now();
  };

  try {
    while (position.epoch < settings.epochs) {
      const phase = phaseAt(run.phases, position.epoch);
      const order = epochOrder(key, position.epoch, count);
      const report = (plan: StepPlan): Report => ({
        epoch: position.epoch + 1,
        step: position.step,
        steps,
        updates: position.updates,
        bounds: phase.bounds,
        epsilon: plan.epsilon,
        naturalWeight: plan.naturalWeight,
        learningRate: plan.learningRate,
        ...meansOf(position.totals),
        seconds: position.seconds,
      });
      while (position.step < steps) {
        const plan = planStep(settings, key, position, steps);
        const batch = order.subarray(position.step * settings.batch, (position.step + 1) * settings.batch);
        position = await takeStep(
          { model: phase.model, params, optimizer, settings, lossOfBatch: run.lossOfBatch },
          moved(run, gatherExamples(examples, batch, phase.model.meta.inputShape), foldIn(key, 'augment'), position),
          plan,
          position,
        );
        position = { ...position, seconds: clock() };
        hooks.step?.(report(plan));
        // Gives signal handlers a turn: the backends compute synchronously.
        await nextTurn();
        if (run.signal?.aborted === true) {
          await save();
          return { snapshot: await snapshot(), complete: false };
        }
        if (position.step < steps && performance.now() - lastSave > 1000 * run.saveSeconds) await save();
      }
      hooks.epoch?.(report(planStep(settings, key, { ...position, step: steps - 1 }, steps)));
      position = { ...position, epoch: position.epoch + 1, step: 0, totals: emptyTotals };
      await save();
    }
    return { snapshot: await snapshot(), complete: true };
  } finally {
    optimizer.dispose();
    tf.dispose(params);
  }
}

const firstParams = ({ initial, settings }: CheckedRun, meta: ModelMeta, key: RandomKey): Record<string, tf.Tensor> =>
  initial === null ? initializeParams(meta.parameters, key, settings.initialization) : makeTensors(initial);

/** A step's images, moved: a function of seed and step alone, so that a resumed run moves them the same way. */
function moved({ settings, phases }: CheckedRun, examples: Examples, key: RandomKey, position: Position): Examples {
  const { augment } = settings;
  if (augment === null) return examples;
  const shape = phaseAt(phases, position.epoch).model.meta.inputShape as readonly [number, number, number];
  return { ...examples, values: augmented(examples.values, shape, augment, foldIn(key, position.updates)) };
}

/** What each stage of a cascade is trained on, and how. */
import type { CascadeManifest } from '../checkpoint/cascade-folder.ts';
import type { RunDescription } from '../checkpoint/run-folder.ts';
import { type Examples, gatherExamples } from '../train/batches.ts';
import type { StageVerdicts } from './cascade.ts';

/**
 * Examples that a stage keeps from the next ones, as 1. For the paper it is those that it certifies for the class it predicts, whatever that is
 * (Algorithm 2 with its errata); for the guarantee those that it certifies for their label.
 */
export function settledBy(
  { classes, margins }: StageVerdicts,
  labels: Int32Array,
  training: CascadeManifest['training'],
): Uint8Array {
  return Uint8Array.from(labels, (label, example) =>
    Number(margins[example]! > 0 && (training === 'paper' || classes[example] === label)),
  );
}

/** The examples of the next stage; `settled` are those that no longer need it, for each stage before. */
export function examplesOfStage(
  examples: Examples,
  settled: readonly Uint8Array[],
  which: CascadeManifest['later']['examples'],
  inputShape: readonly number[],
): Examples {
  if (settled.length === 0) return examples;
  const proved = examples.labels.map((_, at) => Number(settled.some(stage => stage[at] === 1)));
  if (which === 'all') return { ...examples, proved: Uint8Array.from(proved) };
  return gatherExamples(
    examples,
    Uint32Array.from(proved.keys()).filter(at => proved[at] === 0),
    inputShape,
  );
}

export const robustExamplesOf = ({ labels, proved }: Examples): number =>
  proved === undefined ? labels.length : proved.filter(settled => settled === 0).length;

/** The run of one stage, counted from 0, on as many examples. */
export function descriptionOfStage(
  { run, later }: Pick<CascadeManifest, 'run' | 'later'>,
  stage: number,
  examples: number,
): RunDescription {
  const own = { ...run, examples, stage: stage + 1 };
  if (stage === 0) return own;
  const { settings } = run;
  const shared = {
    ...settings,
    epochs: later.epochs,
    learningRate: later.learningRate,
    // Another order, other draws: a function of the one seed.
    seed: settings.seed + stage,
  };
  if (later.start === 'previous') {
    // What it begins with has been through the ramps.
    const held = (value: number) => ({ from: value, to: value, epochs: 0 });
    const bounds = run.bounds.split(',').at(-1)!.replace(/:\d+$/, '');
    const ramps = { epsilon: held(settings.epsilon.to), naturalWeight: held(settings.naturalWeight.to) };
    return { ...own, bounds, settings: { ...shared, ...ramps } };
  }
  const stretched = <T extends { readonly epochs: number }>(ramp: T): T => ({
    ...ramp,
    epochs: (ramp.epochs * later.epochs) / settings.epochs,
  });
  const bounds = run.bounds.includes(',') ? run.bounds : run.bounds.replace(/:\d+$/, '');
  const ramps = { epsilon: stretched(settings.epsilon), naturalWeight: stretched(settings.naturalWeight) };
  return { ...own, bounds, settings: { ...shared, ...ramps } };
}

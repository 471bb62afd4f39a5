/** What a resumed run may not change: flags that were given and say something else than `run.json`. */
import type { RunDescription } from '../../runtime/checkpoint/run-folder.ts';
import { UsageError } from './usage-error.ts';

/** Where `run.json` keeps what a flag decides. */
const decidedBy: Readonly<Record<string, (run: RunDescription) => unknown>> = {
  set: run => run.set,
  preset: run => run.preset,
  data: run => run.data,
  limit: run => run.examples,
  norm: run => run.norm,
  box: run => run.box,
  bounds: run => run.bounds,
  projections: run => run.projections,
  estimator: run => run.estimator,
  epsilon: run => run.settings.epsilon.to,
  epsilonStart: run => run.settings.epsilon.from,
  epsilonEpochs: run => run.settings.epsilon.epochs,
  naturalWeight: run => [run.settings.naturalWeight.from, run.settings.naturalWeight.to],
  naturalEpochs: run => run.settings.naturalWeight.epochs,
  epochs: run => run.settings.epochs,
  batch: run => run.settings.batch,
  optimizer: run => run.settings.optimizer.kind,
  lr: run => run.settings.learningRate,
  lrSchedule: run => run.settings.learningRateSchedule,
  momentum: ({ settings: { optimizer } }) => (optimizer.kind === 'sgd' ? optimizer.momentum : undefined),
  weightDecay: run => run.settings.optimizer.weightDecay,
  clip: run => run.settings.clip,
  augment: run => run.settings.augment,
  init: run => run.settings.initialization,
  seed: run => run.settings.seed,
};

/**
 * Refuses flags that were written on the command line (`given`) and differ from the run that is resumed. Raises
 * `UsageError` that lists all of them.
 */
export function refuseChanges(
  flags: Readonly<Record<string, unknown>>,
  given: readonly string[],
  run: RunDescription,
): void {
  const conflicts = given.flatMap(name => {
    const kept = decidedBy[name]?.(run);
    const asked = name === 'box' && flags.box === false ? null : flags[name];
    if (!Object.hasOwn(decidedBy, name) || JSON.stringify(asked) === JSON.stringify(kept)) return [];
    return [`  ${optionOf(name)}: the run has ${JSON.stringify(kept)}, asked for is ${JSON.stringify(asked)}`];
  });
  if (conflicts.length > 0) {
    throw new UsageError(
      ['--resume goes on with the settings of the run; leave these out, or start a new run:', ...conflicts].join('\n'),
    );
  }
}

/** `--epsilon-start` of `epsilonStart`. */
const optionOf = (name: string): string => `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

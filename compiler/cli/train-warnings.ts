/** Options of `dualc train` that do not do what they seem to. */

import { counted } from '../../runtime/report/counted.ts';
import { rampAt } from '../../runtime/train/ramp.ts';
import type { TrainSettings } from '../../runtime/train/train-settings.ts';

export interface WrittenOptions {
  readonly epsilonStart: number;
  readonly bounds?: string | undefined;
}

/** One line each. `given` are the options written on the command line, `bounds` the schedule of training bounds. */
export function trainWarnings(
  { epsilonStart }: WrittenOptions,
  given: readonly string[],
  settings: TrainSettings,
  bounds: string,
): string[] {
  const { epochs, epsilon, naturalWeight, optimizer, learningRateSchedule } = settings;
  const wrote = (name: string): boolean => given.includes(name);
  const lines: string[] = [];
  if (epsilonStart > epsilon.to)
    lines.push(
      `--epsilon-start ${epsilonStart} is larger than epsilon ${epsilon.to}: the radius is ${epsilon.to} throughout`,
    );
  if (epsilon.epochs > epochs && epsilon.from < epsilon.to)
    lines.push(
      `--epsilon-epochs ${epsilon.epochs} is more than ${counted(epochs, 'epoch')}: the radius ends at ${short(rampAt(epsilon, epochs))}, and epsilon ${epsilon.to} is never trained`,
    );
  if (naturalWeight.epochs > epochs && naturalWeight.from !== naturalWeight.to)
    lines.push(
      `${wrote('naturalEpochs') ? '--natural-epochs' : '--epsilon-epochs'} ${naturalWeight.epochs} is more than ${counted(epochs, 'epoch')}: the weight of the natural loss ends at ${short(rampAt(naturalWeight, epochs))}, not at ${naturalWeight.to}`,
    );
  if (wrote('momentum') && optimizer.kind !== 'sgd')
    lines.push(`--momentum is of sgd: ${optimizer.kind} does not use it`);
  if (learningRateSchedule.kind === 'halve' && learningRateSchedule.after >= epochs)
    lines.push(
      `--lr-schedule halves after ${counted(learningRateSchedule.after, 'epoch')}, and the run has ${epochs}: the rate stays as it is`,
    );
  for (const name of ['projections', 'estimator'] as const)
    if (wrote(name) && !bounds.includes('sketch'))
      lines.push(`--${name} is of sketches, and --bounds ${bounds} has none`);
  return lines;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

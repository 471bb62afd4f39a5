/** The strategies that `dualc bench` measures: each as a schedule of the whole network. */

import type { DualNetwork } from '../../3-dual/dual.ts';
import { whyNot } from '../../4-schedule/applies.ts';
import { type BoundsRequest, parseBoundsRequest } from '../../4-schedule/bounds-request.ts';
import { nearestName } from '../../diagnostics/did-you-mean.ts';
import { UsageError } from '../usage-error.ts';

/** To certify with. */
export const certifying = ['scheduled', 'exact', 'backward', 'patches', 'interval', 'crown', 'best'] as const;
/** To train with; `natural` needs no bounds. */
export const training = ['natural', 'interval', 'sketch', 'sketch:per-layer', 'exact'] as const;

export type CertifyingStrategy = (typeof certifying)[number];
export type TrainingStrategy = (typeof training)[number];

/** What is asked of the schedule, in its words; those of `patches` follow from the network. */
const requested: Readonly<Record<Exclude<CertifyingStrategy, 'patches'>, string>> = {
  scheduled: '',
  exact: 'certify:exact',
  backward: 'certify:backward',
  interval: 'certify:interval',
  crown: 'certify:crown',
  best: 'certify:best(band, crown)',
};

/** Windows are asked for bound by bound: not every bound has them. */
export function requestsToCertify(strategy: CertifyingStrategy, dual: DualNetwork): BoundsRequest[] {
  if (strategy !== 'patches') return parseBoundsRequest(requested[strategy]);
  return dual.bounds
    .filter(bound => whyNot('patches', bound, dual, 'certify') === null)
    .flatMap(({ name }) => parseBoundsRequest(`certify:${name}=patches`));
}

export const requestsToTrain = (strategy: TrainingStrategy): BoundsRequest[] =>
  strategy === 'natural' ? [] : parseBoundsRequest(`train:${strategy}`);

export interface ChosenStrategies {
  readonly certifying: readonly CertifyingStrategy[];
  readonly training: readonly TrainingStrategy[];
}

/** Those of `--strategies`, all when it was not given. `interval` and `exact` are in both lists. Raises `UsageError` for a name that is none. */
export function readStrategies(text: string | undefined): ChosenStrategies {
  if (text === undefined) return { certifying, training };
  const names = text.split(',').map(name => name.trim());
  const known = [...new Set<string>([...certifying, ...training])];
  for (const name of names) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    const hint = near === null ? '' : `; did you mean '${near}'?`;
    throw new UsageError(`--strategies: there is no strategy '${name}'; there are ${known.join(', ')}${hint}`);
  }
  return {
    certifying: certifying.filter(name => names.includes(name)),
    training: training.filter(name => names.includes(name)),
  };
}

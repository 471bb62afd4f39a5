/** Certification of a cascade, stage by stage. */

import type * as tf from '@tensorflow/tfjs-core';
import { showValue } from '../border/show-value.ts';
import { computeCertificates } from '../certify/certificates.ts';
import { checkCertification } from '../certify/certify.ts';
import type { CertifyOptions, CheckedCertifyOptions } from '../certify/certify-options.ts';
import type { Params, RobustModel } from '../contract.ts';
import { InputError } from '../errors.ts';
import type { Examples } from '../train/batches.ts';
import type { Cascade, StageVerdicts } from './cascade.ts';
import { checkCascade } from './cascade-schema.ts';
import { type CascadeCertification, judgeCascade } from './judge-cascade.ts';
import { verdictsFrom } from './stage-verdicts.ts';

/** Networks of one architecture, in the order in which they are asked. */
export interface Stages {
  readonly model: RobustModel;
  /** By stage. */
  readonly params: readonly Params[];
}

export interface CertifyCascadeOptions extends Omit<CertifyOptions, 'keepBounds' | 'probability'> {
  /** Default: the rule `first`, thresholds of 0. */
  readonly cascade?: Partial<Cascade> | undefined;
}

/** One stage's verdicts on examples, and the seconds that took. */
export interface TimedVerdicts {
  readonly verdicts: StageVerdicts;
  readonly seconds: number;
}

/**
 * What a cascade answers for every example, and what is proved of its answers in the ball of radius `epsilon` around it
 * (`guarantee.ts`). Raises what `certify` does, and `InputError` for a cascade that does not fit its stages.
 */
export async function certifyCascade(
  stages: Stages,
  examples: Examples,
  options?: CertifyCascadeOptions,
): Promise<CascadeCertification> {
  const { cascade: given, ...rest } = options ?? {};
  const { cascade, ...checked } = await checkStages(stages, examples, rest, given);
  const timed: TimedVerdicts[] = [];
  for (const params of stages.params) {
    timed.push(await stageVerdicts(stages.model, params, examples, checked, tensorsOfStages(stages)));
  }
  return judgeTimed(timed, cascade, checked.epsilon, examples.labels);
}

/** The border of all that looks at cascades. */
export async function checkStages(
  stages: Stages,
  examples: Examples,
  options: CertifyOptions,
  given: Partial<Cascade> | undefined,
): Promise<CheckedCertifyOptions & { readonly cascade: Cascade }> {
  if (!Array.isArray(stages?.params) || stages.params.length === 0) {
    throw new InputError(
      `certifyCascade: stages is ${showValue(stages)}: it needs a model, and in params a list of the parameters of each stage`,
    );
  }
  const cascade = checkCascade(given, stages.params.length, 'certifyCascade');
  const checked: CheckedCertifyOptions[] = [];
  for (const params of stages.params) checked.push(await checkCertification(stages.model, params, examples, options));
  return { ...checked[0]!, cascade };
}

/** What a stage is certified with; never with draws, for what is proved of a cascade needs margins that hold at every point. */
export type StageOptions = Pick<CheckedCertifyOptions, 'epsilon' | 'batch' | 'onBatch'>;

/** The parameters of all stages: none may be lost when the backend breaks down in one of them. */
export const tensorsOfStages = ({ params }: Stages): tf.Tensor[] => params.flatMap(own => Object.values(own));

/** Behind the border, on the current backend; `alive` as in `computeCertificates`. */
export async function stageVerdicts(
  model: RobustModel,
  params: Params,
  examples: Examples,
  { epsilon, batch, onBatch }: StageOptions,
  alive: readonly tf.Tensor[] = [],
): Promise<TimedVerdicts> {
  const options = { epsilon, batch, keepBounds: false, of: 'prediction', seed: null } as const;
  const { certificates, seconds } = await computeCertificates(model, params, examples, options, onBatch, alive);
  return { verdicts: verdictsFrom(certificates, model.meta), seconds };
}

/** Stages are asked one after the other: their times add up. */
export const judgeTimed = (
  timed: readonly TimedVerdicts[],
  cascade: Cascade,
  epsilon: number,
  labels: Int32Array,
): CascadeCertification =>
  judgeCascade(
    timed.map(({ verdicts }) => verdicts),
    cascade,
    epsilon,
    labels,
    timed.reduce((sum, { seconds }) => sum + seconds, 0),
  );

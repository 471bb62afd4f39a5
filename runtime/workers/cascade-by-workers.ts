/** Cascades by several threads, which hold the weights of all stages. */

import {
  type CertifyCascadeOptions,
  checkStages,
  judgeTimed,
  type StageOptions,
  type Stages,
  type TimedVerdicts,
} from '../cascade/certify-cascade.ts';
import type { CascadeCertification } from '../cascade/judge-cascade.ts';
import { verdictsFrom } from '../cascade/stage-verdicts.ts';
import type { ModelMeta } from '../contract.ts';
import type { Examples } from '../train/batches.ts';
import { certificatesByWorkers } from './certify-by-workers.ts';
import type { Workers } from './start-workers.ts';

/** As `certifyCascade`, each batch in whichever thread is free: see `certifyByWorkers`. */
export async function certifyCascadeByWorkers(
  workers: Workers,
  stages: Stages,
  examples: Examples,
  options?: CertifyCascadeOptions,
): Promise<CascadeCertification> {
  const { cascade: given, ...rest } = options ?? {};
  const { cascade, ...checked } = await checkStages(stages, examples, rest, given);
  const timed: TimedVerdicts[] = [];
  for (const stage of stages.params.keys()) {
    timed.push(await stageVerdictsByWorkers(workers, stages.model.meta, stage, examples, checked));
  }
  return judgeTimed(timed, cascade, checked.epsilon, examples.labels);
}

/** As `stageVerdicts`, with the weights of that number among those that the threads were equipped with. */
export async function stageVerdictsByWorkers(
  workers: Workers,
  meta: ModelMeta,
  weights: number,
  examples: Examples,
  { epsilon, batch, onBatch }: StageOptions,
): Promise<TimedVerdicts> {
  const options = { epsilon, batch, keepBounds: false, of: 'prediction', seed: null, weights } as const;
  const { certificates, seconds } = await certificatesByWorkers(workers, meta, examples, options, onBatch);
  return { verdicts: verdictsFrom(certificates, meta), seconds };
}

/** Exact certification of examples, batch by batch. */
import { requireCoveredConvolutions } from '../backend/covered-convolutions.ts';
import { requireSoundBackend } from '../backend/self-test.ts';
import { checkModel } from '../border/check-model.ts';
import { checkFiniteParams } from '../border/check-params.ts';
import type { Params, RobustModel } from '../contract.ts';
import type { Examples } from '../train/batches.ts';
import { computeCertificates } from './certificates.ts';
import { type Certification, judge } from './certification.ts';
import { type CertifyOptions, type CheckedCertifyOptions, checkCertifyOptions } from './certify-options.ts';
import { checkExamples } from './check-examples.ts';
import { requireProof } from './require-proof.ts';

/**
 * Certifies every example against the ball of radius `epsilon` around it (paper, eq. 2 with the signs of its errata):
 * an example counts as robust only if `J` is finite and above 0 for every other class. Raises what `checkCertification` does.
 */
export async function certify(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options?: CertifyOptions,
): Promise<Certification> {
  const checked = await checkCertification(model, params, examples, options);
  const { certificates, seconds } = await computeCertificates(
    model,
    params,
    examples,
    { ...checked, of: 'label' },
    checked.onBatch,
  );
  return judge(model.meta, checked, examples.labels, certificates, seconds);
}

/**
 * The border of a certification. Raises `InputError` for options out of range, parameters that do not fit or are not finite,
 * examples that `checkExamples` refuses, and a module whose certificate is no proof, or one with a probability only where that was not said to be enough; `EnvironmentError` when the backend does
 * not pass its self-test.
 */
export async function checkCertification(
  model: RobustModel,
  params: Params,
  examples: Examples,
  options: CertifyOptions | undefined,
): Promise<CheckedCertifyOptions> {
  checkModel(model, 'certify');
  const { meta } = model;
  const checked = checkCertifyOptions(options, meta);
  requireProof(meta, checked.seed !== null);
  await checkFiniteParams(params, meta, 'certify');
  checkExamples(meta, examples);
  await requireSoundBackend();
  requireCoveredConvolutions(meta);
  return checked;
}

/** Certification by several threads. */
import {
  type CertificateOptions,
  type Certificates,
  noCertificates,
  placeCertificates,
} from '../certify/certificates.ts';
import { type Certification, judge } from '../certify/certification.ts';
import { checkCertification } from '../certify/certify.ts';
import type { CertifyOptions } from '../certify/certify-options.ts';
import type { ModelMeta, Params, RobustModel } from '../contract.ts';
import type { Examples } from '../train/batches.ts';
import { atATime, partsOf } from './parts.ts';
import type { Workers } from './start-workers.ts';

/**
 * As `certify`, each batch in whichever thread is free. Results are put together in the order of the examples: the same batch
 * gives the same bits, whatever the number of threads. `params` are on the backend of this thread, which only checks them.
 * Raises what `certify` does, and `EnvironmentError` for a batch in which workers die again and again.
 */
export async function certifyByWorkers(
  workers: Workers,
  model: RobustModel,
  params: Params,
  examples: Examples,
  asked: CertifyOptions,
): Promise<Certification> {
  const { onBatch, ...options } = await checkCertification(model, params, examples, asked);
  const { meta } = model;
  const shared = { ...options, of: 'label', weights: 0 } as const;
  const { certificates, seconds } = await certificatesByWorkers(workers, meta, examples, shared, onBatch);
  return judge(meta, options, examples.labels, certificates, seconds);
}

/** As `computeCertificates`, with the weights of that number among those that the threads were equipped with. */
export async function certificatesByWorkers(
  workers: Workers,
  meta: ModelMeta,
  examples: Examples,
  { weights, ...options }: CertificateOptions & { readonly weights: number },
  onBatch: (done: number, robustErrors: number) => void,
): Promise<{ readonly certificates: Certificates; readonly seconds: number }> {
  const certificates = noCertificates(meta, examples.labels.length, options.keepBounds);
  let done = 0;
  let errors = 0;
  const began = performance.now();
  await atATime(workers.workers, partsOf(examples, options.batch), async part => {
    const answer = await workers.run({ kind: 'certify', weights, examples: part.examples(), options }, part.name);
    if (answer.kind !== 'certify') throw new RangeError(`a worker was asked to certify, and answered ${answer.kind}`);
    placeCertificates(certificates, answer.certificates, part.first, meta);
    done += part.count;
    errors += answer.robustErrors;
    onBatch(done, errors);
  });
  return { certificates, seconds: (performance.now() - began) / 1000 };
}

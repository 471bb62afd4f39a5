/** `certify` and `attack` for a cascade. */
import type { CascadeCertification } from '../../../runtime/cascade/judge-cascade.ts';
import type { CascadeAttackFacts } from '../../../runtime/report/cascade-report.ts';
import type { Workers } from '../../../runtime/workers/start-workers.ts';
import type { Subject } from '../evaluation-subject.ts';
import { showProgress } from '../show-progress.ts';

/** A subject that is a cascade. */
export type CascadeSubject = Subject & { readonly cascade: NonNullable<Subject['cascade']> };

export const isCascade = (subject: Subject): subject is CascadeSubject => subject.cascade !== null;

/** With progress on standard error. */
export async function certifyStages(
  { cascade: { cascade, ...stages }, examples, epsilon }: CascadeSubject,
  workers: Workers | null,
  batch: number,
): Promise<CascadeCertification> {
  const { certifyCascade } = await import('../../../runtime/cascade/certify-cascade.ts');
  const { certifyCascadeByWorkers } = await import('../../../runtime/workers/cascade-by-workers.ts');
  const count = examples.labels.length;
  const progress = showProgress({ total: count * stages.params.length, unit: 'certificates', lineSeconds: 10 });
  let before = 0;
  const onBatch = (done: number): void => {
    progress.update(before + done, 'all stages');
    if (done === count) before += count;
  };
  const options = { epsilon, batch, cascade, onBatch };
  const result =
    workers === null
      ? await certifyCascade(stages, examples, options)
      : await certifyCascadeByWorkers(workers, stages, examples, options);
  progress.stop();
  return result;
}

export interface CascadeAttackFlags {
  readonly steps: number;
  readonly stepSize?: number | undefined;
  readonly restarts: number;
  readonly seed: number;
}

/** Looks for points that the cascade answers wrongly, with progress on standard error. */
export async function attackStages(
  { cascade: { cascade, ...stages }, examples, epsilon }: CascadeSubject,
  workers: Workers | null,
  batch: number,
  { steps, stepSize, restarts, seed }: CascadeAttackFlags,
): Promise<CascadeAttackFacts & { readonly points: Float32Array }> {
  const { reportAnswers, searchThroughCertificates } = await import('../../../runtime/attack/attack-cascade.ts');
  const { checkAttackOptions, defaultStepSize } = await import('../../../runtime/attack/attack-options.ts');
  const { checkStages } = await import('../../../runtime/cascade/certify-cascade.ts');
  const { attackCascadeByWorkers } = await import('../../../runtime/workers/attack-cascade-by-workers.ts');
  const { keyFrom } = await import('../../../runtime/random/random-key.ts');
  const { model } = stages;
  const length = stepSize ?? defaultStepSize(epsilon, steps);
  await checkStages(stages, examples, { epsilon, batch }, cascade);
  const { search } = checkAttackOptions({ epsilon, steps, stepSize: length, restarts, key: keyFrom(seed) }, model.meta);
  const progress = showProgress({ total: examples.labels.length, unit: 'examples attacked', lineSeconds: 10 });
  const onBatch = (done: number, broken: number): void => progress.update(done, `${broken} broken`);
  const part = { search, batch, first: 0 };
  const found =
    workers === null
      ? await searchThroughCertificates(stages, cascade, examples, part, onBatch)
      : await attackCascadeByWorkers(workers, cascade, examples, part, onBatch);
  progress.stop();
  return { ...reportAnswers(found), steps, restarts, stepSize: length, seed };
}

/** What a caller may say of a certification. */
import * as v from 'valibot';
import { callback, flag, positive, radius, wholeNumber } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import type { ModelMeta } from '../contract.ts';
import { chooseBatch } from './choose-batch.ts';

export interface CertifyOptions {
  /** Radius of the ball, in the units of the network's input. Default: that of the architecture. */
  readonly epsilon?: number | undefined;
  /** Examples at a time. Default: as many as `memory` holds, at most 100. */
  readonly batch?: number | undefined;
  /** Bytes for the tensors of a batch when `batch` is not given. Default: 1 GiB. */
  readonly memory?: number | undefined;
  /** Keeps the bounds of every nonlinearity too. */
  readonly keepBounds?: boolean | undefined;
  /**
   * Takes a module whose bounds hold with a probability, which is refused without this, and draws from that seed: the same for all
   * examples, whatever the batch. A seed that was chosen by what it certifies proves nothing.
   */
  readonly probability?: { readonly seed: number } | undefined;
  /** Called after every batch. */
  readonly onBatch?: ((done: number, robustErrors: number) => void) | undefined;
}

export interface CheckedCertifyOptions {
  readonly epsilon: number;
  readonly batch: number;
  readonly keepBounds: boolean;
  /** Of the draws; null where nothing may be drawn. */
  readonly seed: number | null;
  readonly onBatch: (done: number, robustErrors: number) => void;
}

/** Raises `InputError` for an option that is unknown or out of range, and when the memory does not hold one example. */
export function checkCertifyOptions(options: CertifyOptions | undefined, meta: ModelMeta): CheckedCertifyOptions {
  const schema = v.strictObject(
    {
      epsilon: v.optional(radius, meta.ball.epsilon),
      batch: v.optional(wholeNumber(1)),
      memory: v.optional(positive, 2 ** 30),
      keepBounds: v.optional(flag, false),
      probability: v.optional(v.strictObject({ seed: wholeNumber(0) }, 'it needs an object with a seed')),
      onBatch: v.optional(callback<CheckedCertifyOptions['onBatch']>(), () => () => {}),
    },
    'it needs an object',
  );
  const { batch, memory, probability, ...rest } = checkArgument(schema, options ?? {}, 'certify: options');
  // More would take more memory and no less time.
  const fitting = () => chooseBatch(meta.certify, { memory, resident: 0, option: 'the option memory' }, 100);
  return { ...rest, seed: probability?.seed ?? null, batch: batch ?? fitting() };
}

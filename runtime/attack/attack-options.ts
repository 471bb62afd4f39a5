/** What a caller may say of an attack. */
import * as v from 'valibot';
import { box, callback, norm, positive, radius, randomKey, wholeNumber } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import type { ModelMeta, RandomKey } from '../contract.ts';
import { keyFrom } from '../random/random-key.ts';
import type { AttackBall } from './ball.ts';

/** How to search. */
export interface PgdOptions {
  /** Default: the architecture's, as for the two below. */
  readonly norm?: AttackBall['norm'] | undefined;
  /** In the units of the network's input. */
  readonly epsilon?: number | undefined;
  /** Null lets the ball reach everywhere. */
  readonly box?: AttackBall['box'] | undefined;
  /** Default: 40. */
  readonly steps?: number | undefined;
  /** Length of a step, in the units of epsilon. Default: `defaultStepSize(epsilon, steps)`. */
  readonly stepSize?: number | undefined;
  /** Each restart begins at another random point of the ball, the first one at the example itself. Default: 3. */
  readonly restarts?: number | undefined;
  /** Decides the random points. Default: `keyFrom(0)`. */
  readonly key?: RandomKey | undefined;
  /** Number of the batch's first example: random points then do not depend on how examples are cut into batches. Default: 0. */
  readonly first?: number | undefined;
}

export interface AttackExamplesOptions extends Omit<PgdOptions, 'first'> {
  /** Examples at a time. Default: 100. */
  readonly batch?: number | undefined;
  /** Called after every batch. */
  readonly onBatch?: ((done: number, broken: number) => void) | undefined;
}

/** A search, with nothing left open. */
export interface Search extends AttackBall {
  readonly steps: number;
  readonly stepSize: number;
  readonly restarts: number;
  readonly key: RandomKey;
}

/** `AttackExamplesOptions`, with nothing left open. */
export interface CheckedAttackOptions {
  readonly search: Search;
  readonly batch: number;
  readonly onBatch: (done: number, broken: number) => void;
}

/** The usual step: enough to cross the ball a few times. Raises `InputError` when there is no such ball or number of steps. */
export function defaultStepSize(epsilon: number, steps: number): number {
  checkArgument(radius, epsilon, 'defaultStepSize: epsilon');
  checkArgument(wholeNumber(0), steps, 'defaultStepSize: steps');
  return (2.5 * epsilon) / Math.max(1, steps);
}

const searchEntries = ({ ball }: ModelMeta) => ({
  norm: v.optional(norm, ball.norm),
  epsilon: v.optional(radius, ball.epsilon),
  box: v.optional(box, ball.box),
  steps: v.optional(wholeNumber(0), 40),
  stepSize: v.optional(positive),
  restarts: v.optional(wholeNumber(1), 3),
  key: v.optional(randomKey, keyFrom(0)),
});

/** Raises `InputError` for an option that is unknown or out of range. */
export function checkPgdOptions(
  options: PgdOptions | undefined,
  meta: ModelMeta,
): { readonly search: Search; readonly first: number } {
  const schema = v.strictObject({ ...searchEntries(meta), first: v.optional(wholeNumber(0), 0) }, 'it needs an object');
  const { first, ...search } = checkArgument(schema, options ?? {}, 'pgdAttack: options');
  return { search: complete(search), first };
}

/** As `checkPgdOptions`. */
export function checkAttackOptions(options: AttackExamplesOptions | undefined, meta: ModelMeta): CheckedAttackOptions {
  const schema = v.strictObject(
    {
      ...searchEntries(meta),
      batch: v.optional(wholeNumber(1), 100),
      onBatch: v.optional(callback<(done: number, broken: number) => void>(), () => () => {}),
    },
    'it needs an object',
  );
  const { batch, onBatch, ...search } = checkArgument(schema, options ?? {}, 'attackExamples: options');
  return { search: complete(search), batch, onBatch };
}

const complete = (search: Omit<Search, 'stepSize'> & { readonly stepSize?: number | undefined }): Search => ({
  ...search,
  stepSize: search.stepSize ?? defaultStepSize(search.epsilon, search.steps),
});

/** The radius of the ball: read as people write it, checked in the action, shown in every unit it may be meant in. */
import type { ModelMeta } from '../../runtime/contract.ts';
import { InputError } from '../../runtime/errors.ts';

export interface ChosenEpsilon {
  readonly epsilon: number;
  /** For people, one line. */
  readonly said: string;
}

/**
 * The radius that was asked for, or the architecture's. The option cannot be required by commander, which would then
 * report its absence before a misspelt option. Raises `InputError` when none was asked for but a norm was: the
 * architecture's radius says nothing of another norm.
 */
export function chooseEpsilon(asked: number | undefined, norm: string | undefined, meta: ModelMeta): ChosenEpsilon {
  if (asked !== undefined) return { epsilon: asked, said: describeEpsilon(asked, meta) };
  if (norm !== undefined) throw new InputError(`--norm ${norm} needs --epsilon, the radius of the ball in that norm`);
  const { epsilon } = meta.ball;
  return { epsilon, said: `${describeEpsilon(epsilon, meta)}; --epsilon not given, taken from ${meta.source}` };
}

/**
 * `epsilon 0.0314 in pixels (8/255), 0.139 in the network's normalised units (÷ 0.225)`. A radius is always in the units
 * of the network's input, before it normalises.
 */
export function describeEpsilon(epsilon: number, meta: Pick<ModelMeta, 'ball' | 'inputStd'>): string {
  const of255 = Number((255 * epsilon).toPrecision(4));
  const pixels = `epsilon ${short(epsilon)} (${meta.ball.norm}) in the units of the input, ${of255}/255`;
  if (meta.inputStd === null) return `${pixels}; the network does not normalise, so its own units are the same`;
  const own = [...new Set(meta.inputStd)].map(std => `${short(epsilon / std)} (÷ ${short(std)})`);
  return `${pixels}; ${own.join(', ')} in the network's own units, after it normalises`;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

/** The radius of the ball: read as people write it, checked in the action, shown in every unit it may be meant in. */
import type { ModelMeta } from '../../runtime/contract.ts';
import { UsageError } from './usage-error.ts';

export interface ChosenEpsilon {
  readonly epsilon: number;
  /** For people, one line. */
  readonly said: string;
  readonly warning: string | null;
}

/**
 * The radius that was asked for, or the architecture's. The option cannot be required by commander, which would then
 * report its absence before a misspelt option. Raises `UsageError` when none was asked for but a norm was: the
 * architecture's radius says nothing of another norm.
 */
export function chooseEpsilon(asked: number | undefined, norm: string | undefined, meta: ModelMeta): ChosenEpsilon {
  if (asked !== undefined)
    return { epsilon: asked, said: describeEpsilon(asked, meta), warning: epsilonWarning(asked, meta) };
  if (norm !== undefined) throw new UsageError(`--norm ${norm} needs --epsilon, the radius of the ball in that norm`);
  const { epsilon } = meta.ball;
  const said = `${describeEpsilon(epsilon, meta)}; --epsilon not given, taken from ${meta.source}`;
  // The architecture's own radius was looked at when it was compiled.
  return { epsilon, said, warning: null };
}

/**
 * `epsilon 0.0314 in pixels (8/255), 0.139 in the network's normalised units (÷ 0.225)`. A radius is always in the units
 * of the network's input, before it normalises.
 */
export function describeEpsilon(epsilon: number, meta: Pick<ModelMeta, 'ball' | 'inputStd'>): string {
  const pixels = `epsilon ${short(epsilon)} (${meta.ball.norm}) in the units of the input${greyLevels(epsilon, meta)}`;
  if (meta.inputStd === null) return `${pixels}; the network does not normalise, so its own units are the same`;
  const own = [...new Set(meta.inputStd)].map(std => `${short(epsilon / std)} (÷ ${short(std)})`);
  return `${pixels}; ${own.join(', ')} in the network's own units, after it normalises`;
}

/** What is odd about a radius: it makes of every input in the box every other one. Null when nothing is. */
export function epsilonWarning(epsilon: number, { ball: { norm, box } }: Pick<ModelMeta, 'ball'>): string | null {
  if (norm !== 'linf' || box === null || epsilon < box[1] - box[0]) return null;
  return (
    `epsilon ${short(epsilon)} covers the whole box [${box.join(', ')}]: every input may become any other, and nothing can be ` +
    'certified. It is in the units of the input: eight grey levels of pixels in [0, 1] are 8/255'
  );
}

/** `, 8/255` for a radius of so many grey levels; an ℓ2 radius is no number of levels. */
function greyLevels(epsilon: number, { ball: { norm } }: Pick<ModelMeta, 'ball'>): string {
  const levels = Math.round(255 * epsilon);
  const isOne = norm === 'linf' && levels >= 1 && levels < 255 && Math.abs(255 * epsilon - levels) < 1e-6;
  return isOne ? `, ${levels}/255` : '';
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

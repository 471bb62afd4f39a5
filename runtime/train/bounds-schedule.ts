/** Which bound trains in which epochs: `interval:10,sketch:5` is ten epochs with interval bounds, then five with a sketch. */

import { InputError } from '../errors.ts';
import { counted } from '../report/counted.ts';

export interface BoundsPhase {
  /** `interval`, `sketch`, `sketch:per-layer` or `exact`. */
  readonly bounds: string;
  readonly epochs: number;
}

const known = ['interval', 'sketch', 'sketch:per-layer', 'exact'];

/**
 * Reads a schedule of training bounds. At most one phase may leave out its number of epochs; it takes what the others
 * leave of `epochs`. Raises `InputError` for an unknown bound, a bad number, or phases that do not add up to `epochs`;
 * `source` says where the text was read.
 */
export function parseBoundsSchedule(text: string, epochs: number, source: string): BoundsPhase[] {
  const phases = text.split(',').map(part => parsePhase(part.trim(), text, source));
  const sum = phases.reduce((sum, phase) => sum + (phase.epochs ?? 0), 0);
  const open = phases.filter(phase => phase.epochs === undefined).length;
  if (open > 1) throw new InputError(`${source} ${text}: only one phase may leave out its number of epochs`);
  const rest = epochs - sum;
  if (open === 0 ? rest !== 0 : rest < 1) {
    const problem =
      open === 0
        ? `add up to ${counted(sum, 'epoch')}`
        : `leave ${counted(rest, 'epoch')} to the phase without a number`;
    throw new InputError(`${source} ${text}: the phases ${problem}, but the run has ${epochs}; change one of the two`);
  }
  return phases.map(phase => ({ bounds: phase.bounds, epochs: phase.epochs ?? rest }));
}

function parsePhase(part: string, text: string, source: string): { bounds: string; epochs: number | undefined } {
  const perLayer = /^(sketch:per-layer)(?::(.*))?$/.exec(part);
  const [bounds = '', count, ...more] = perLayer === null ? part.split(':') : perLayer.slice(1);
  if (!known.includes(bounds)) {
    throw new InputError(`${source} ${text}: '${bounds}' is no training bound; there are ${known.join(', ')}`);
  }
  if (count === undefined) return { bounds, epochs: undefined };
  const epochs = Number(count);
  if (more.length > 0 || !Number.isInteger(epochs) || epochs < 1) {
    throw new InputError(
      `${source} ${text}: '${part}' must be a bound and a whole number of epochs, as in interval:10`,
    );
  }
  return { bounds, epochs };
}

/** The phase of an epoch, counted from 0. */
export function phaseAt<Phase extends { readonly epochs: number }>(phases: readonly Phase[], epoch: number): Phase {
  let end = 0;
  for (const phase of phases) {
    end += phase.epochs;
    if (epoch < end) return phase;
  }
  throw new RangeError(`epoch ${epoch} lies beyond the ${end} epochs of the schedule`);
}

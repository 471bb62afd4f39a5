/**
 * The parts of a walk that other walks take too: from the output of a nonlinearity that all paths pass, back to the next one. Each bound
 * starts somewhere in a part of its own; the parts behind are the same steps for all, and become one function of the module.
 */
import type { Bound, DualStep, Walk } from '../../3-dual/dual.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { addAll } from './centre.ts';
import type { Norms } from './norms.ts';

export interface StepOfPart {
  readonly step: DualStep;
  /** The nonlinearity at whose output the part starts; null in the bound's own part. */
  readonly from: LayerId | null;
  /** What the dual behind the step is called, by the layer whose output carries it. */
  readonly dualOf: (layer: LayerId) => string;
}

function* stepsByPart(walk: Walk): Generator<StepOfPart> {
  let from: LayerId | null = null;
  for (let rest: Walk | null = walk; rest !== null; rest = rest.rest) {
    const { steps } = rest;
    const [first] = steps;
    if (first?.kind === 'relax') from = first.of;
    const summed = new Set(steps.flatMap(step => (step.kind === 'sum' ? [step.of] : [])));
    for (const step of steps) {
      const dualOf = (layer: LayerId): string =>
        summed.has(layer) && step.kind !== 'sum' ? `dual of ${layer} from ${step.of}` : `dual of ${layer}`;
      yield { step, from, dualOf };
    }
  }
}

/** Takes every step; the norms that it meets are added up within each part, so that the part stands by itself, then over the parts. */
export function walkByParts(
  b: ProgramBuilder,
  bound: Bound,
  partFrom: (layer: LayerId) => string,
  take: (at: StepOfPart) => readonly Norms[],
): Norms {
  const met: Norms[] = [];
  const sums: ValueId[] = [];
  let part: Norms[] = [];
  let from: LayerId | null = null;
  const within = <T>(build: () => T): T => b.within({ part: partFrom(from ?? bound.of) }, build);
  const addPart = (): void => {
    if (part.length === 0) return;
    const values = part.map(({ value }) => value);
    const whole = { role: `norm from ${from ?? bound.of}`, layer: null, span: null };
    sums.push(within(() => b.within(whole, () => addAll(b, values))));
    met.push(...part);
    part = [];
  };
  for (const at of stepsByPart(bound.walk)) {
    if (at.from !== from) addPart();
    from = at.from;
    part.push(...within(() => take(at)));
  }
  addPart();
  return {
    value: b.within({ role: 'reach' }, () => addAll(b, sums)),
    roundings: Math.max(...met.map(({ roundings }) => roundings)) + met.length - 1,
  };
}

/**
 * Verifies a dual network: every walk sends a dual to a layer before the layer's own step, and every band's bound comes
 * first. What walks share is verified once, with the first of them: it comes before the others, and so did its bands.
 */
import { found, invariant } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import type { Bound, DualNetwork, Walk } from './dual.ts';
import { targetsOf } from './step-targets.ts';

export function checkDual(dual: DualNetwork): void {
  const known = new Set<string>();
  const checked = new Set<Walk>();
  for (const bound of dual.bounds) {
    invariant(!known.has(bound.name), `bound ${bound.name} is listed twice`);
    const first = bound.walk.steps[0]?.of;
    invariant(first === bound.of, `bound ${bound.name}: ${bound.of} is not where its walk begins`);
    let start = bound.of;
    for (let walk: Walk | null = bound.walk; walk !== null && !checked.has(walk); walk = walk.rest) {
      start = checkSteps(dual, bound, { start, walk, known });
      checked.add(walk);
    }
    known.add(bound.name);
  }
  invariant(dual.bounds.at(-1)?.rows === 'margins', 'the last bound is the one of the margins');
}

interface Part {
  readonly start: LayerId;
  readonly walk: Walk;
  /** Names of the bounds before this one. */
  readonly known: ReadonlySet<string>;
}

/** Gives the layer where the rest begins, the start itself when there is none. */
function checkSteps(dual: DualNetwork, bound: Bound, { start, walk, known }: Part): LayerId {
  const received = new Map<LayerId, number>([[start, 1]]);
  for (const step of walk.steps) {
    const count = received.get(step.of) ?? 0;
    invariant(count > 0, `bound ${bound.name}: ${step.of} is visited before it has a dual`);
    if (step.kind === 'sum') {
      invariant(
        count === step.from.length,
        `bound ${bound.name}: ${step.of} sums ${step.from.length} of ${count} duals`,
      );
      received.set(step.of, 1);
      continue;
    }
    invariant(count === 1, `bound ${bound.name}: ${count} duals of ${step.of} were not summed`);
    for (const target of targetsOf(step)) received.set(target, (received.get(target) ?? 0) + 1);
    received.delete(step.of);
    if (step.kind === 'relax') {
      const reads = found(dual.boundOfNonlinearity.get(step.of), `bound of ${step.of}`);
      invariant(known.has(reads), `bound ${bound.name} needs ${reads}, which comes later`);
    }
  }
  const next = walk.rest?.steps[0]?.of;
  if (next !== undefined) {
    const count = received.get(next) ?? 0;
    invariant(count > 0, `bound ${bound.name}: ${next} is visited before it has a dual`);
    invariant(count === 1, `bound ${bound.name}: ${count} duals of ${next} were not summed`);
    received.delete(next);
  }
  invariant(received.size === 0, `bound ${bound.name}: the dual of ${[...received.keys()].join(', ')} goes nowhere`);
  return next ?? start;
}

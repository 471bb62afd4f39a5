/** Verifies a dual network: every walk sends a dual to a layer before the layer's own step, and every band's bound comes first. */
import { found, invariant } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import type { Bound, DualNetwork, DualStep } from './dual.ts';

export function checkDual(dual: DualNetwork): void {
  const known = new Set<string>();
  for (const bound of dual.bounds) {
    invariant(!known.has(bound.name), `bound ${bound.name} is listed twice`);
    for (const need of bound.needs) invariant(known.has(need), `bound ${bound.name} needs ${need}, which comes later`);
    checkWalk(dual, bound);
    known.add(bound.name);
  }
  invariant(dual.bounds.at(-1)?.rows === 'margins', 'the last bound is the one of the margins');
}

function checkWalk(dual: DualNetwork, bound: Bound): void {
  const received = new Map<LayerId, number>([[bound.of, 1]]);
  for (const step of bound.walk) {
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
    if (step.kind === 'band') {
      const reads = found(dual.boundOfNonlinearity.get(step.of), `bound of ${step.of}`);
      invariant(bound.needs.includes(reads), `bound ${bound.name} meets ${step.of} and does not need ${reads}`);
    }
  }
  invariant(received.size === 0, `bound ${bound.name}: the dual of ${[...received.keys()].join(', ')} goes nowhere`);
}

function targetsOf(step: DualStep): readonly LayerId[] {
  if (step.kind === 'copy') return step.to;
  return step.kind === 'transpose' || step.kind === 'band' ? [step.to] : [];
}

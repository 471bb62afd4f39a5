/** Which strategies may compute a bound. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import type { Purpose } from './bounds-request.ts';
import type { StrategyKind } from './plan.ts';

/** Why the strategy cannot be used, or null when it can. */
export function whyNot(strategy: StrategyKind, bound: Bound, dual: DualNetwork, purpose: Purpose): string | null {
  switch (strategy) {
    case 'closedForm':
      return whyNotClosedForm(bound, dual);
    case 'sketch':
      if (purpose === 'certify') return 'a sketch is an estimate, not a proof';
      return bound.rows === 'margins' ? 'the rows of the margins are few: a sketch would only add error' : null;
    case 'patches':
      return whyNotPatches(bound, purpose);
    case 'backward':
    case 'interval':
      return null;
  }
}

/** One path from the input, with at most one matrix on it: only then is `|W₂W₁| = |W₂||W₁|`. */
function whyNotClosedForm(bound: Bound, dual: DualNetwork): string | null {
  if (bound.rows === 'margins') return 'the rows of the margins differ between examples';
  if (bound.walk.some(step => step.kind === 'band')) return 'a nonlinearity lies between the input and the bound';
  if (bound.walk.some(step => step.kind === 'copy' || step.kind === 'sum'))
    return 'several paths lead from the input to the bound';
  const matrices = bound.walk.filter(step => {
    const kind = dual.graph.layers.find(layer => layer.id === step.of)?.kind;
    return kind === 'conv2d' || kind === 'dense';
  });
  return matrices.length > 1 ? 'several matrices lie between the input and the bound' : null;
}

/** Windows are gathered, and what is gathered has no emitted gradient. */
function whyNotPatches(bound: Bound, purpose: Purpose): string | null {
  if (purpose === 'train') return 'windows are for certifying: training rows walk whole maps';
  if (bound.rows === 'margins') return 'the rows of the margins depend on the whole input';
  if (bound.needs.length === 0) return 'no nonlinearity lies on the way: the rows are the same for every example';
  return bound.fields === null ? 'a layer on the way is no map' : null;
}

/** Which strategies may compute a bound. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { definitionOf } from '../layers/registry.ts';
import type { Purpose } from './bounds-request.ts';
import type { StrategyKind } from './plan.ts';

/** Why the strategy cannot be used, or null when it can. */
export function whyNot(strategy: StrategyKind, bound: Bound, dual: DualNetwork, purpose: Purpose): string | null {
  switch (strategy) {
    case 'closedForm':
      return whyNotClosedForm(bound, dual);
    case 'sketch':
    case 'perLayerSketch':
      if (purpose === 'certify') return 'a sketch is an estimate, not a proof';
      return bound.rows === 'margins' ? 'the rows of the margins are few: a sketch would only add error' : null;
    case 'probable':
      if (purpose === 'train') return 'a tail bound is for certifying: training takes the estimate as it is';
      return bound.rows === 'margins' ? 'the rows of the margins are few: they walk' : null;
    case 'patches':
      return whyNotPatches(bound, purpose);
    case 'sparse':
      return whyNotSparse(bound, dual, purpose);
    case 'backward':
    case 'interval':
      return null;
  }
}

/** One path from the input, with at most one matrix on it: only then is `|W₂W₁| = |W₂||W₁|`. */
function whyNotClosedForm(bound: Bound, dual: DualNetwork): string | null {
  if (bound.rows === 'margins') return 'the rows of the margins differ between examples';
  if (meetsNonlinearity(bound)) return 'a nonlinearity lies between the input and the bound';
  const steps = [...bound.walk];
  if (steps.some(step => step.kind === 'copy' || step.kind === 'cut' || step.kind === 'sum'))
    return 'several paths lead from the input to the bound';
  const matrices = steps.filter(step => {
    const layer = dual.layers.get(step.of);
    const definition = layer && definitionOf(layer.kind);
    return definition?.role === 'affine' && definition.mixesEntries;
  });
  return matrices.length > 1 ? 'several matrices lie between the input and the bound' : null;
}

/** Looks no further than the nearest: in a deep network that is near. */
export function meetsNonlinearity({ walk }: Bound): boolean {
  for (const step of walk) if (step.kind === 'relax') return true;
  return false;
}

/** Windows are gathered, and what is gathered has no emitted gradient. */
function whyNotPatches(bound: Bound, purpose: Purpose): string | null {
  if (purpose === 'train') return 'windows are for certifying: training rows walk whole maps';
  if (bound.rows === 'margins') return 'the rows of the margins depend on the whole input';
  if (!meetsNonlinearity(bound)) return 'no nonlinearity lies on the way: the rows are the same for every example';
  return bound.fields === null ? 'a layer on the way is no map' : null;
}

/** Which rows walk is known when the program runs, and what is chosen so has no emitted gradient. */
function whyNotSparse(bound: Bound, dual: DualNetwork, purpose: Purpose): string | null {
  if (purpose === 'train') return 'rows are left out to certify: training takes all of them';
  if (bound.rows === 'margins') return 'the rows of the margins all count';
  if (!meetsNonlinearity(bound)) return 'no nonlinearity lies on the way: no row has to walk';
  const curved = [...dual.boundOfNonlinearity].find(([reader, name]) => {
    const layer = dual.layers.get(reader);
    const definition = layer && definitionOf(layer.kind);
    return name === bound.name && !(definition?.role === 'nonlinearity' && definition.kink === 0);
  });
  return curved === undefined ? null : `${curved[0]} is curved: a tighter bound helps wherever it lies`;
}

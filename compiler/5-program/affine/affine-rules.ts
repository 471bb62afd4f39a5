/** The rules of all affine kinds, and how lowerings apply them. */
import type { Layer, LayerOf } from '../../2-graph/layer.ts';
import type { AffineLayer, KindOf } from '../../2-graph/roles.ts';
import type { Pair } from '../../3-dual/dual.ts';
import { found, invariant } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Origin } from '../tensor-program.ts';
import type { AffineMap } from './affine-map.ts';
import type { AffineRule } from './affine-rule.ts';
import { averagePool2d } from './average-pool2d.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import { normalize } from './normalize.ts';
import { reshape } from './reshape.ts';

export const affineRules: { readonly [Kind in KindOf<'affine'>]: AffineRule<LayerOf<Kind>> } = {
  averagePool2d,
  conv2d,
  dense,
  flatten,
  normalize,
  reshape,
};

/** Rules of kinds that live outside of the compiler. */
const added = new Map<string, AffineRule<AffineLayer>>();

/**
 * Makes the rule of one more kind known, until the function that is returned is called: for kinds that `registerLayer` adds.
 * Throws `InternalError` when the kind has a rule.
 */
export function registerAffineRule<L>(kind: string, rule: AffineRule<L>): () => void {
  invariant(!Object.hasOwn(affineRules, kind) && !added.has(kind), `${kind} has a rule`);
  added.set(kind, rule as unknown as AffineRule<AffineLayer>);
  return () => added.delete(kind);
}

// A layer and its rule are of one kind: the table is typed so that they are.
const ruleOf = (layer: AffineLayer): AffineRule<AffineLayer> =>
  found(
    (affineRules[layer.kind] as unknown as AffineRule<AffineLayer> | undefined) ?? added.get(layer.kind),
    `rule of ${layer.kind}`,
  );

const originOf = (layer: Layer, role: string): Partial<Origin> => ({ layer: layer.id, role, span: layer.span });

export function applyLayer(b: ProgramBuilder, layer: AffineLayer, x: ValueId, map: AffineMap, role: string): ValueId {
  return b.within(originOf(layer, role), () => ruleOf(layer).forward(b, layer, x, map));
}

export function applyTransposed(b: ProgramBuilder, layer: AffineLayer, dual: ValueId, inputShape: Shape): ValueId {
  return ruleOf(layer).transposed(b, layer, dual, inputShape);
}

export function applyTransposedOnWindow(
  b: ProgramBuilder,
  layer: AffineLayer,
  dual: ValueId,
  inputWindow: Pair,
  inputShape: Shape,
): ValueId {
  const rule = found(ruleOf(layer).transposedOnWindow ?? undefined, `${layer.kind} on a window`);
  return rule(b, layer, dual, inputWindow, inputShape);
}

/** All rows of the identity behind the layer, or null when they are no value of their own yet. */
export function rowsBehind(b: ProgramBuilder, layer: AffineLayer, inputShape: Shape): ValueId | null {
  return ruleOf(layer).rows?.(b, layer, inputShape) ?? null;
}

export function liveProductsOf(b: ProgramBuilder, layer: AffineLayer, live: ValueId): ValueId | null {
  const rule = ruleOf(layer).liveProducts;
  return rule === null ? null : b.within(originOf(layer, 'live terms'), () => rule(b, layer, live));
}

/**
 * How many products of a layer's sums are not 0 for certain. Where a nonlinearity gives exactly 0 on all of its input's bounds (a ReLU
 * whose upper bound is not above 0), its output is 0 in the network and in the centre alike: the product is 0, adding it rounds
 * nothing, and the sum is one term shorter.
 */
import type { Layer } from '../../2-graph/layer.ts';
import { type AffineLayer, hasRole, roleOf } from '../../2-graph/roles.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyLayer, liveProductsOf } from '../affine/affine-rules.ts';
import { nonlinearityRule } from '../nonlinearity/nonlinearity-rules.ts';
import { joined } from './centre.ts';
import { boundsOf, inputOf, type Lowering, layerOf, originOf } from './lowering.ts';

/** Broadcasts to `[batch, …layer]`; null where nothing is known. */
export function liveTerms(lowering: Lowering, layer: Layer): ValueId | null {
  if (!hasRole(layer, 'affine')) return null;
  const live = liveEntries(lowering, inputOf(layer));
  return live === null ? null : liveProductsOf(lowering.builder, layer, live);
}

/** 1 where an entry may be other than 0, 0 where it is 0: `[batch, …layer]`. Looks no further than the nearest layer that adds up. */
function liveEntries(lowering: Lowering, id: LayerId): ValueId | null {
  const { builder: b } = lowering;
  const moved: AffineLayer[] = [];
  let layer = layerOf(lowering, id);
  while (hasRole(layer, 'affine') && lowering.float32?.terms(layer.id).forward === 0) {
    moved.unshift(layer);
    layer = layerOf(lowering, inputOf(layer));
  }
  const live = liveAt(lowering, layer);
  return live && moved.reduce((value, each) => applyLayer(b, each, value, 'linear', 'live'), live);
}

function liveAt(lowering: Lowering, layer: Layer): ValueId | null {
  const { builder: b } = lowering;
  if (hasRole(layer, 'nonlinearity')) {
    const { live } = nonlinearityRule(layer);
    return live && b.within(originOf(layer, 'live'), () => live(b, layer, boundsOf(lowering, layer)));
  }
  if (roleOf(layer) !== 'concat') return null;
  // One operand of which nothing is known leaves nothing known: their products meet in the same sums.
  const operands = layer.inputs.flatMap(input => liveEntries(lowering, input) ?? []);
  if (operands.length < layer.inputs.length) return null;
  return b.within(originOf(layer, 'live'), () => joined(b, operands));
}

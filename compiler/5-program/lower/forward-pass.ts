/**
 * One pass forward over the layers, whatever it carries: logits, a centre, an interval, a size, a sketch. What a pass does at each
 * role is data; the way it takes through the network is here, once.
 */
import type { Layer } from '../../2-graph/layer.ts';
import { type AffineLayer, hasRole, type LayerIn, type NonlinearityLayer } from '../../2-graph/roles.ts';
import { assertNever, found, invariant } from '../../shared/assert.ts';
import type { LayerId } from '../../shared/ids.ts';

export interface ForwardPass<T> {
  readonly input: (layer: LayerIn<'input'>) => T;
  readonly affine: (layer: AffineLayer, x: T) => T;
  readonly nonlinearity:
    | { readonly kind: 'through'; readonly at: (layer: NonlinearityLayer, x: T) => T }
    /** What is behind does not depend on what came before: the pass begins anew from the bounds of the input. */
    | { readonly kind: 'begins'; readonly at: (layer: NonlinearityLayer) => T };
  readonly sum: (layer: Layer, operands: readonly T[]) => T;
  readonly concat: (layer: Layer, operands: readonly T[]) => T;
}

/**
 * The value behind a layer, computed when first asked for, as are those of the layers it is computed from. What a recursion
 * would do, without its stack: networks are deeper than that.
 */
export function passTo<T>(
  id: LayerId,
  pass: ForwardPass<T>,
  known: Map<LayerId, T>,
  layers: ReadonlyMap<LayerId, Layer>,
): T {
  const waiting = [id];
  for (let next = waiting.at(-1); next !== undefined; next = waiting.at(-1)) {
    const layer = found(layers.get(next), `layer ${next}`);
    const missing = known.has(next) ? undefined : computedFrom(layer, pass).find(input => !known.has(input));
    if (missing !== undefined) {
      waiting.push(missing);
      continue;
    }
    if (!known.has(next)) known.set(next, valueAt(layer, pass, known));
    waiting.pop();
  }
  return found(known.get(id), `value of ${id}`);
}

const computedFrom = <T>(layer: Layer, { nonlinearity }: ForwardPass<T>): readonly LayerId[] =>
  nonlinearity.kind === 'begins' && hasRole(layer, 'nonlinearity') ? [] : layer.inputs;

function valueAt<T>(layer: Layer, pass: ForwardPass<T>, known: ReadonlyMap<LayerId, T>): T {
  const operands = (): T[] => layer.inputs.map(input => found(known.get(input), `value of ${input}`));
  const only = (): T => {
    invariant(layer.inputs.length === 1, `${layer.id} has ${layer.inputs.length} inputs`);
    return found(operands()[0], `input of ${layer.id}`);
  };
  if (hasRole(layer, 'input')) return pass.input(layer);
  if (hasRole(layer, 'affine')) return pass.affine(layer, only());
  if (hasRole(layer, 'nonlinearity'))
    return pass.nonlinearity.kind === 'begins' ? pass.nonlinearity.at(layer) : pass.nonlinearity.at(layer, only());
  if (hasRole(layer, 'sum')) return pass.sum(layer, operands());
  if (hasRole(layer, 'concat')) return pass.concat(layer, operands());
  return assertNever(layer);
}

/**
 * The size of a layer's output: at least `|z̃| + |c̃|` for every value `z̃` that the network takes over the ball, as real numbers or
 * in float32, and the computed centre `c̃`. What rounding costs is a share of it (`error-share.ts`), known before anything runs.
 *
 * One forward pass of magnitudes: `size ← |W| size + 2|b|`, begun anew behind every nonlinearity, whose bounds are known. Everywhere
 * stands a floor of 2⁻¹⁰⁰, so that shares of a size also cover what is flushed to zero, `η` for each product and each operand.
 */
import { assertNever, found } from '../../shared/assert.ts';
import { floorOfSizes } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyLayer } from './apply-layer.ts';
import { ballOf } from './ball.ts';
import { addAll, centreOf } from './centre.ts';
import { intervalOf } from './interval.ts';
import { type CentreKind, inputOf, type Lowering, layerOf, originOf } from './lowering.ts';

/** `[batch, …layer]`. Computed when first asked for, in the section that asks. */
export function sizeOf(lowering: Lowering, id: LayerId, around: CentreKind): ValueId {
  const key = `${around} ${id}`;
  const known = lowering.sizes.get(key);
  if (known !== undefined) return known.value;
  const value = lowerSize(lowering, id, around);
  lowering.sizes.set(key, { of: id, around, value });
  return value;
}

function lowerSize(lowering: Lowering, id: LayerId, around: CentreKind): ValueId {
  const b = lowering.builder;
  const layer = layerOf(lowering, id);
  const floored = (value: ValueId): ValueId => b.binary('add', value, b.constant(floorOfSizes));
  switch (layer.kind) {
    case 'input':
      return b.within(originOf(layer, 'size'), () => {
        const { centre, radius } = ballOf(lowering);
        const magnitude = b.within({ role: 'magnitude' }, () => b.unary('abs', centre));
        return floored(b.binary('add', b.binary('add', magnitude, magnitude), radius));
      });
    case 'relu':
      return b.within(originOf(layer, 'size'), () => {
        if (around === 'interval') {
          const { centre, radius } = intervalOf(lowering, id);
          return floored(b.binary('add', b.binary('add', centre, centre), radius));
        }
        const bound = found(lowering.dual.boundOfNonlinearity.get(id), `bound of ${id}`);
        const { upper } = found(lowering.bounds.get(bound), `bounds of ${id}`);
        return floored(b.binary('add', b.unary('relu', upper), b.unary('abs', centreOf(lowering, id))));
      });
    case 'add': {
      const sizes = layer.inputs.map(input => sizeOf(lowering, input, around));
      return b.within(originOf(layer, 'size'), () => addAll(b, sizes));
    }
    case 'conv2d':
    case 'dense':
    case 'flatten':
    case 'reshape':
    case 'normalize': {
      const map = { kind: 'outward', biasShare: 2, floor: floorOfSizes } as const;
      return applyLayer(b, layer, sizeOf(lowering, inputOf(layer), around), map, 'size');
    }
    default:
      return assertNever(layer);
  }
}

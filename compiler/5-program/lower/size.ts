/**
 * The size of a layer's output: at least `|z̃| + |c̃|` for every value `z̃` that the network takes over the ball, as real numbers or
 * in float32, and the computed centre `c̃`. What rounding costs is a share of it (`error-share.ts`), known before anything runs.
 *
 * One forward pass of magnitudes: `size ← |W| size + 2|b|`, begun anew behind every nonlinearity, whose bounds are known. Everywhere
 * stands a floor of 2⁻¹⁰⁰, so that shares of a size also cover what is flushed to zero, `η` for each product and each operand.
 */
import { floorOfSizes } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { nonlinearityRule } from '../nonlinearity/nonlinearity-rules.ts';
import { ballOf } from './ball.ts';
import { addAll, centreOf, joined } from './centre.ts';
import { type ForwardPass, passTo } from './forward-pass.ts';
import { intervalOf } from './interval.ts';
import { boundsOf, type CentreKind, type Lowering, originOf } from './lowering.ts';

/** `[batch, …layer]`. Computed when first asked for, in the section that asks. */
export function sizeOf(lowering: Lowering, id: LayerId, around: CentreKind): ValueId {
  return lowering.builder.within({ part: `size of ${id}` }, () =>
    passTo(id, sizePass(lowering, around), lowering.sizes[around], lowering.layers),
  );
}

function sizePass(lowering: Lowering, around: CentreKind): ForwardPass<ValueId> {
  const { builder: b } = lowering;
  const floored = (value: ValueId): ValueId => b.binary('add', value, b.constant(floorOfSizes));
  return {
    input: layer =>
      b.within(originOf(layer, 'size'), () => {
        const { centre, radius } = ballOf(lowering);
        const magnitude = b.within({ role: 'magnitude' }, () => b.unary('abs', centre));
        return floored(b.binary('add', b.binary('add', magnitude, magnitude), radius));
      }),
    affine: (layer, x) => applyLayer(b, layer, x, { kind: 'outward', biasShare: 2, floor: floorOfSizes }, 'size'),
    nonlinearity: {
      kind: 'begins',
      at: layer =>
        b.within(originOf(layer, 'size'), () => {
          if (around === 'interval') {
            const { centre, radius } = intervalOf(lowering, layer.id);
            const magnitude = b.unary('abs', centre);
            return floored(b.binary('add', b.binary('add', magnitude, magnitude), radius));
          }
          const greatest = nonlinearityRule(layer).magnitude(b, layer, boundsOf(lowering, layer));
          return floored(b.binary('add', greatest, b.unary('abs', centreOf(lowering, layer.id, around))));
        }),
    },
    sum: (layer, operands) => b.within(originOf(layer, 'size'), () => addAll(b, operands)),
    concat: (layer, operands) => b.within(originOf(layer, 'size'), () => joined(b, operands)),
  };
}

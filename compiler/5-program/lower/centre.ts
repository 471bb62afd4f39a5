/** The centre of every layer: one forward pass, `c ← W c + b`, what a relaxation makes of it at a nonlinearity, a sum at an `add`. */
import type { RelaxationKind } from '../../4-schedule/plan.ts';
import { found } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import type { ProgramBuilder } from '../builder.ts';
import { centreBehind } from '../relaxation/relaxation.ts';
import { ballOf } from './ball.ts';
import { type ForwardPass, passTo } from './forward-pass.ts';
import { type Lowering, originOf, relaxationOf } from './lowering.ts';

/** Around which relaxations of this kind lie. Computed when first asked for, in the section that asks. */
export function centreOf(lowering: Lowering, id: LayerId, kind: RelaxationKind): ValueId {
  return lowering.builder.within({ part: `centre of ${id}` }, () =>
    passTo(id, centrePass(lowering, kind), lowering.centres[kind], lowering.layers),
  );
}

function centrePass(lowering: Lowering, kind: RelaxationKind): ForwardPass<ValueId> {
  const { builder: b } = lowering;
  return {
    input: () => ballOf(lowering).centre,
    affine: (layer, x) => applyLayer(b, layer, x, 'affine', 'centre'),
    nonlinearity: {
      kind: 'through',
      at: (layer, x) =>
        b.within(originOf(layer, 'centre'), () => centreBehind(b, relaxationOf(lowering, kind, layer), x)),
    },
    sum: (layer, operands) => b.within(originOf(layer, 'centre'), () => addAll(b, operands)),
    concat: (layer, operands) => b.within(originOf(layer, 'centre'), () => joined(b, operands)),
  };
}

export const addAll = (b: ProgramBuilder, values: readonly ValueId[]): ValueId =>
  values.reduce((sum, value) => b.binary('add', sum, value));

/** Side by side on the last axis. */
export const joined = (b: ProgramBuilder, values: readonly ValueId[]): ValueId =>
  b.concat(values, b.shapeOf(found(values[0], 'an operand')).length - 1);

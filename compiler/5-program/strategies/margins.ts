/**
 * `J_t = c_y − c_t − norms(e_y − e_t)`. Interval: the rows walk to the nearest nonlinearities only, and `c` is the centre of
 * the interval; otherwise they walk to the input. The row `t = y` is zero, and so is its margin.
 */
import type { Bound } from '../../3-dual/dual.ts';
import type { SingleStrategy, Strategy } from '../../4-schedule/plan.ts';
import { assertNever, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { sizeOf } from '../../shared/shape.ts';
import { batch, timesDim } from '../dim.ts';
import { centreOf } from '../lower/centre.ts';
import { intervalOf } from '../lower/interval.ts';
import { type CentreKind, type Lowering, layerOf, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { inflatedNorms, owedAt } from '../lower/outward.ts';
import { perExample, underflowOf } from '../lower/underflow.ts';
import { type WalkOptions, walkDual } from '../lower/walk-dual.ts';
import { betterOf } from './best.ts';

/** `[batch, classes]`. */
export function lowerMarginRows(lowering: Lowering, bound: Bound, strategy: Strategy): ValueId {
  const { builder: b } = lowering;
  const classes = sizeOf(layerOf(lowering, bound.of).shape);
  const labels = b.source({ kind: 'input', name: 'labels', shape: [batch] });
  const label = b.within({ role: 'label row' }, () => b.append({ kind: 'oneHot', depth: classes }, [labels]));
  if (strategy.kind !== 'best') return marginsBy(lowering, bound, strategy, { label, classes, role: 'least margins' });
  const parts = strategy.of.map(single =>
    marginsBy(lowering, bound, single, { label, classes, role: `${aroundOf(single)} margins` }),
  );
  return b.within({ role: 'least margins' }, () => betterOf(lowering, 'largest', parts));
}

interface Rows {
  /** `[batch, classes]`, 1 at the label. */
  readonly label: ValueId;
  readonly classes: number;
  /** What the result is. */
  readonly role: string;
}

/** The centre that rows of the margins lie around. */
function aroundOf(strategy: SingleStrategy): CentreKind {
  switch (strategy.kind) {
    case 'interval':
      return 'interval';
    case 'backward':
      return strategy.relaxation;
    case 'closedForm':
    case 'patches':
    case 'sparse':
    case 'sketch':
    case 'perLayerSketch':
    case 'probable':
      invariant(false, `${strategy.kind} does not apply to the rows of the margins`);
      break;
    default:
      return assertNever(strategy);
  }
}

function marginsBy(lowering: Lowering, bound: Bound, strategy: SingleStrategy, rowsOf: Rows): ValueId {
  const { builder: b } = lowering;
  const { label, classes, role } = rowsOf;
  const around = aroundOf(strategy);
  const centre = around === 'interval' ? intervalOf(lowering, bound.of).centre : centreOf(lowering, bound.of, around);
  const gap = b.within({ role: 'centre gap' }, () => {
    const ofLabel = b.sum(b.binary('mul', centre, label), [1], true);
    return b.binary('sub', ofLabel, centre);
  });
  const rows = b.within({ role: 'rows' }, () => {
    const identity = b.append({ kind: 'unitRows', rows: classes, size: classes, shape: [classes] });
    const differences = b.binary(
      'sub',
      b.reshape(label, [batch, 1, classes]),
      b.reshape(identity, [1, classes, classes]),
    );
    return b.reshape(differences, stack(timesDim(batch, classes), layerOf(lowering, bound.of).shape));
  });
  const atNonlinearity: WalkOptions['atNonlinearity'] =
    around === 'interval'
      ? { kind: 'interval', around: layer => intervalOf(lowering, layer) }
      : { kind: 'relaxation', relaxation: around, side: 'lower' };
  const norms = walkDual(
    lowering,
    bound,
    { value: rows, perExample: true },
    { rows: classes, indices: null, atNonlinearity },
  );
  const radius = marginRadius(lowering, bound.of, norms, label, around);
  return b.within({ role }, () => b.binary('sub', gap, radius));
}

/** What is taken off the gap, `[batch, classes]`. In float32 also what the rows `e_y − e_t` owe at both entries; nothing for `t = y`. */
function marginRadius(lowering: Lowering, id: LayerId, norms: Norms, label: ValueId, around: CentreKind): ValueId {
  const { builder: b, float32 } = lowering;
  if (float32 === null) return norms.value;
  const inflated = inflatedNorms(lowering, norms);
  const owed = owedAt(lowering, float32, id, around);
  const underflow = underflowOf(lowering, float32, around);
  return b.within({ role: 'margin radius' }, () => {
    const ofLabel = b.within({ role: 'rounding of label' }, () => b.sum(b.binary('mul', owed, label), [1], true));
    const ofBoth = b.binary('add', owed, b.binary('add', ofLabel, perExample(lowering, underflow, b.shapeOf(owed))));
    const others = b.within({ role: 'other rows' }, () => b.binary('sub', b.constant(1), label));
    return b.binary('mul', b.binary('add', inflated, ofBoth), others);
  });
}

/**
 * Rows walk backward through the network: `ν ← Wᵀ ν` at affine layers, `Σ − ⟨radius, |ν|⟩` and the slopes at nonlinearities, copies at
 * an `add`, parts at a `concat`, sums at a fan-out, the ball's dual norm at the input.
 *
 * A dual is either shared by the batch, `[rows, …layer]`, as long as it has met weights only, or of each example,
 * `[batch·rows, …layer]`, examples outermost. The nearest norm of shared rows is one product `radius |ν|ᵀ`. Rows of any examples, by their
 * indices, are groups of one row each, and meet what is picked for each of them of what its example has.
 */
import type { AffineLayer } from '../../2-graph/roles.ts';
import type { Bound, DualStep } from '../../3-dual/dual.ts';
import type { RelaxationKind } from '../../4-schedule/plan.ts';
import { addTo } from '../../shared/add-to.ts';
import { assertNever, found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { sizeOf } from '../../shared/shape.ts';
import { applyTransposed, rowsBehind } from '../affine/affine-rules.ts';
import type { ProgramBuilder } from '../builder.ts';
import { batch, type Dim, timesDim } from '../dim.ts';
import { l2Norm, roundingsOfRoot } from './ball.ts';
import { addAll } from './centre.ts';
import {
  affineAt,
  type BallValues,
  inputOf,
  type Lowering,
  layerOf,
  nonlinearityAt,
  originOf,
  stack,
} from './lowering.ts';
import { type Norms, rowNorms } from './norms.ts';
import { partsOf } from './parts.ts';
import { type RowsMeet, whatRowsMeet } from './rows-meet.ts';
import { type Side, slopesMet } from './slopes-met.ts';
import { type StepOfPart, walkByParts } from './walk-parts.ts';

/** `value` is `[rows, …]` or, per example, `[batch·rows, …]`. `'identity'` is not a value yet. */
export interface Dual {
  readonly value: ValueId | 'identity';
  readonly perExample: boolean;
}

export interface WalkOptions {
  /** Rows at once, to an example: all of the bound's, or one chunk of them. */
  readonly rows: number;
  /** Which rows these are, `[batch·rows]`, where they are of any examples; null for a chunk behind the other. */
  readonly indices: ValueId | null;
  readonly atNonlinearity: Met | { readonly kind: 'interval'; readonly around: (layer: LayerId) => BallValues };
}

/** The relaxations that rows meet on their way, and for a bound from which side. Where there is no interval at which they stop. */
export interface Met {
  readonly kind: 'relaxation';
  readonly relaxation: RelaxationKind;
  readonly side: Side;
}

/** Sum of the norms that the walk meets: `[batch, rows]`, or `[batch·rows, 1]` where rows are of any examples. */
export function walkDual(lowering: Lowering, bound: Bound, start: Dual, options: WalkOptions): Norms {
  const { builder: b } = lowering;
  const { perGroup } = groupsOf(options);
  const meets = whatRowsMeet(lowering, bound, options.indices, options.atNonlinearity);
  const duals = new Map<LayerId, Dual[]>([[bound.of, [start]]]);
  const send = (to: LayerId, dual: Dual): void => addTo(duals, to, dual);
  return walkByParts(
    b,
    bound,
    from => `back from ${from}`,
    ({ step, dualOf }) => {
      const arrived = duals.get(step.of);
      // Behind an interval nothing is walked: the duals end there.
      if (arrived === undefined) return [];
      return b.within(originOf(layerOf(lowering, step.of), dualOf(step.of)), () => takeStep(step, arrived, dualOf));
    },
  );

  /** The norms that the step takes off. */
  function takeStep(step: DualStep, arrived: readonly Dual[], dualOf: StepOfPart['dualOf']): Norms[] {
    switch (step.kind) {
      case 'sum':
        duals.set(step.of, [sumDuals(lowering, bound, step.of, arrived, options)]);
        return [];
      case 'copy':
        for (const to of step.to) send(to, only(arrived));
        return [];
      case 'cut':
        cut(step, only(arrived), dualOf);
        return [];
      case 'transpose': {
        const layer = affineAt(lowering, step.of);
        const transpose = (): Dual => transposed(lowering, bound, layer, only(arrived), options);
        send(step.to, b.within({ role: dualOf(step.to) }, transpose));
        return [];
      }
      case 'relax':
        return [b.within({ role: dualOf(step.to) }, () => atNonlinearity(step, only(arrived)))];
      case 'ball': {
        const dual = materialized(lowering, bound, step.of, only(arrived), options);
        return [b.within({ role: 'norm at the ball' }, () => ballNorm(lowering, step.of, dual, options, meets))];
      }
      default:
        return assertNever(step);
    }
  }

  function cut(step: Extract<DualStep, { kind: 'cut' }>, arrived: Dual, dualOf: StepOfPart['dualOf']): void {
    const { value, perExample } = materialized(lowering, bound, step.of, arrived, options);
    const roles = step.to.map(dualOf);
    const parts = partsOf(
      b,
      value,
      step.to.map(to => layerOf(lowering, to).shape),
      roles,
    );
    for (const [index, to] of step.to.entries()) send(to, { value: found(parts[index], 'a part'), perExample });
  }

  function atNonlinearity(step: Extract<DualStep, { kind: 'relax' }>, arrived: Dual): Norms {
    const layer = nonlinearityAt(lowering, step.of);
    const dual = materialized(lowering, bound, step.of, arrived, options);
    const { atNonlinearity: met } = options;
    const normAt = (radius: ValueId): Norms =>
      b.within({ role: `norm at ${layer.id}` }, () => rowNorms(b, dual.value, radius, perGroup));
    if (met.kind === 'interval') return normAt(met.around(layer.id).radius);
    const relaxation = meets.relaxationAt(layer, met.relaxation);
    const norm = normAt(relaxation.radius);
    const scale = (value: ValueId, slope: ValueId): ValueId =>
      b.append({ kind: 'scaledRows', rows: perGroup }, [value, slope]);
    send(step.to, { value: slopesMet(b, dual.value, relaxation, met.side, scale), perExample: true });
    return norm;
  }
}

type RowsAtOnce = Pick<WalkOptions, 'rows' | 'indices'>;

/** Rows of one group meet the same slopes and radii: those of an example, or a single row of any. */
const groupsOf = ({ rows, indices }: RowsAtOnce): { readonly groups: Dim; readonly perGroup: number } =>
  indices === null ? { groups: batch, perGroup: rows } : { groups: timesDim(batch, rows), perGroup: 1 };

interface DualValue {
  readonly value: ValueId;
  readonly perExample: boolean;
}

function only(duals: readonly Dual[]): Dual {
  invariant(duals.length === 1, 'duals were not summed');
  return found(duals[0], 'a dual');
}

/** Identity rows become a tensor when they meet something that is not a matrix of weights. */
function materialized(
  { builder: b, layers }: Lowering,
  bound: Bound,
  at: LayerId,
  dual: Dual,
  { rows: size, indices }: RowsAtOnce,
): DualValue {
  if (dual.value !== 'identity') return { value: dual.value, perExample: dual.perExample };
  const { shape } = found(layers.get(at), `layer ${at}`);
  const rows = bound.rowCount;
  const value =
    indices === null
      ? b.append({ kind: 'unitRows', rows, size, shape })
      : b.append({ kind: 'unitRowsAt', rows, shape }, [indices]);
  return { value, perExample: indices !== null };
}

function transposed(lowering: Lowering, bound: Bound, layer: AffineLayer, dual: Dual, rows: RowsAtOnce): Dual {
  const { builder: b } = lowering;
  const inputShape = layerOf(lowering, inputOf(layer)).shape;
  const weights = dual.value === 'identity' ? rowsBehind(b, layer, inputShape) : null;
  if (weights !== null)
    return { value: rowsOfMatrix(b, weights, bound.rowCount, rows), perExample: rows.indices !== null };
  const { value, perExample } = materialized(lowering, bound, layer.id, dual, rows);
  return { value: applyTransposed(b, layer, value, inputShape), perExample };
}

/** Those of `count` rows that walk. */
function rowsOfMatrix(b: ProgramBuilder, matrix: ValueId, count: number, { rows, indices }: RowsAtOnce): ValueId {
  if (indices !== null) return b.append({ kind: 'rowsAt' }, [matrix, indices]);
  return rows === count ? matrix : b.append({ kind: 'chunkRows', axis: 0, size: rows }, [matrix]);
}

/** A shared dual seen as `[1, rows, features]`, one of each example as `[batch, rows, features]`, of any as `[batch·rows, 1, features]`. */
function grouped(lowering: Lowering, at: LayerId, dual: DualValue, rows: RowsAtOnce): ValueId {
  const size = sizeOf(layerOf(lowering, at).shape);
  const { groups, perGroup } = groupsOf(rows);
  return lowering.builder.reshape(dual.value, [dual.perExample ? groups : 1, perGroup, size]);
}

function sumDuals(lowering: Lowering, bound: Bound, at: LayerId, duals: readonly Dual[], options: RowsAtOnce): Dual {
  const b = lowering.builder;
  const { shape } = layerOf(lowering, at);
  const { rows } = options;
  const values = duals.map(dual => materialized(lowering, bound, at, dual, options));
  if (values.every(dual => !dual.perExample))
    return {
      value: addAll(
        b,
        values.map(dual => dual.value),
      ),
      perExample: false,
    };
  // Shared rows first among themselves: the cheaper sum.
  const ordered = values.toSorted((x, y) => Number(x.perExample) - Number(y.perExample));
  const sum = addAll(
    b,
    ordered.map(dual => grouped(lowering, at, dual, options)),
  );
  return { value: b.reshape(sum, stack(timesDim(batch, rows), shape)), perExample: true };
}

/** The dual norm of the ball: `⟨r_0, |ν|⟩` for l∞, `ε·‖ν‖₂` for l2. */
function ballNorm(lowering: Lowering, at: LayerId, dual: DualValue, rows: RowsAtOnce, meets: RowsMeet): Norms {
  const b = lowering.builder;
  const { groups, perGroup } = groupsOf(rows);
  if (lowering.dual.graph.ball.norm === 'linf') return rowNorms(b, dual.value, meets.radiusAt(at), perGroup);
  const features = sizeOf(layerOf(lowering, at).shape);
  const norm = l2Norm(lowering, b.sum(b.unary('square', grouped(lowering, at, dual, rows)), [2]), features);
  const value = dual.perExample ? norm : b.append({ kind: 'broadcast', shape: [groups, perGroup] }, [norm]);
  return { value, roundings: features + roundingsOfRoot };
}

/**
 * Rows walk backward through the network: `ν ← Wᵀ ν` at affine layers, `Σ − ⟨radius, |ν|⟩` and `ν ← slope·ν` at bands,
 * copies at an `add`, sums at a fan-out, the ball's dual norm at the input.
 *
 * A dual is either shared by the batch, `[rows, …layer]`, as long as it has met weights only, or of each example,
 * `[batch·rows, …layer]`, examples outermost. The nearest norm of shared rows is one product `radius |ν|ᵀ`.
 */
import type { Bound, DualStep } from '../../3-dual/dual.ts';
import { assertNever, found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { sizeOf } from '../../shared/shape.ts';
import { batch, timesDim } from '../dim.ts';
import { type AffineLayer, applyTransposed, kernelOf } from './apply-layer.ts';
import { ballOf, l2Norm, roundingsOfRoot } from './ball.ts';
import { addAll } from './centre.ts';
import { type BallValues, bandOf, inputOf, type Lowering, layerOf, originOf, stack } from './lowering.ts';
import { addNorms, type Norms, rowNorms } from './norms.ts';

/** `rows` per example; `value` is `[rows, …]` or, per example, `[batch·rows, …]`. `'identity'` is not a value yet. */
export interface Dual {
  readonly value: ValueId | 'identity';
  readonly perExample: boolean;
}

export interface WalkOptions {
  /** Rows at once: all of the bound's, or one chunk of them. */
  readonly rows: number;
  /** What to do at a nonlinearity: go on through its band, or stop at an interval around its output. */
  readonly atNonlinearity: 'band' | ((relu: LayerId) => BallValues);
}

/** Sum of the norms that the walk meets: `[batch, rows]`. */
export function walkDual(lowering: Lowering, bound: Bound, start: Dual, options: WalkOptions): Norms {
  const { builder: b } = lowering;
  const duals = new Map<LayerId, Dual[]>([[bound.of, [start]]]);
  const norms: Norms[] = [];
  const send = (to: LayerId, dual: Dual): void => void duals.set(to, [...(duals.get(to) ?? []), dual]);
  for (const step of bound.walk) {
    const arrived = duals.get(step.of);
    // Behind an interval nothing is walked: the duals end there.
    if (arrived === undefined) continue;
    const layer = layerOf(lowering, step.of);
    b.within(originOf(layer, 'dual'), () => takeStep(step, arrived));
  }
  return b.within({ role: 'radius' }, () => addNorms(b, norms));

  function takeStep(step: DualStep, arrived: readonly Dual[]): void {
    switch (step.kind) {
      case 'sum':
        duals.set(step.of, [sumDuals(lowering, bound, step.of, arrived, options.rows)]);
        return;
      case 'copy':
        for (const to of step.to) send(to, only(arrived));
        return;
      case 'transpose':
        send(
          step.to,
          transposed(lowering, bound, layerOf(lowering, step.of) as AffineLayer, only(arrived), options.rows),
        );
        return;
      case 'band':
        atBand(step, only(arrived));
        return;
      case 'ball':
        norms.push(
          b.within({ role: 'norm at the ball' }, () =>
            ballNorm(
              lowering,
              step.of,
              materialized(lowering, bound, step.of, only(arrived), options.rows),
              options.rows,
            ),
          ),
        );
        return;
      default:
        assertNever(step);
    }
  }

  function atBand(step: Extract<DualStep, { kind: 'band' }>, arrived: Dual): void {
    const relu = layerOf(lowering, step.of);
    invariant(relu.kind === 'relu', `${step.of} has no band`);
    const dual = materialized(lowering, bound, step.of, arrived, options.rows);
    const radius =
      options.atNonlinearity === 'band' ? bandOf(lowering, relu).radius : options.atNonlinearity(relu.id).radius;
    norms.push(b.within({ role: 'norm' }, () => rowNorms(b, dual.value, radius, options.rows)));
    if (options.atNonlinearity === 'band')
      send(step.to, {
        value: b.append({ kind: 'scaledRows', rows: options.rows }, [dual.value, bandOf(lowering, relu).slope]),
        perExample: true,
      });
  }
}

interface DualValue {
  readonly value: ValueId;
  readonly perExample: boolean;
}

function only(duals: readonly Dual[]): Dual {
  invariant(duals.length === 1, 'duals were not summed');
  return found(duals[0], 'a dual');
}

/** Identity rows become a tensor when they meet something that is not a matrix of weights. */
function materialized(lowering: Lowering, bound: Bound, at: LayerId, dual: Dual, rows: number): DualValue {
  if (dual.value !== 'identity') return { value: dual.value, perExample: dual.perExample };
  const shape = layerOf(lowering, at).shape;
  return {
    value: lowering.builder.append({ kind: 'unitRows', rows: bound.rowCount, size: rows, shape }),
    perExample: false,
  };
}

function transposed(lowering: Lowering, bound: Bound, layer: AffineLayer, dual: Dual, rows: number): Dual {
  const { builder: b } = lowering;
  const inputShape = layerOf(lowering, inputOf(layer)).shape;
  if (dual.value === 'identity' && layer.kind === 'dense') {
    const weights = b.transpose(kernelOf(b, layer, inputShape), [1, 0]);
    const value = rows === bound.rowCount ? weights : b.append({ kind: 'chunkRows', axis: 0, size: rows }, [weights]);
    return { value, perExample: false };
  }
  const { value, perExample } = materialized(lowering, bound, layer.id, dual, rows);
  return { value: applyTransposed(b, layer, value, inputShape), perExample };
}

/** A shared dual seen as `[1, rows, features]`, one of each example as `[batch, rows, features]`. */
function grouped(lowering: Lowering, at: LayerId, dual: DualValue, rows: number): ValueId {
  const size = sizeOf(layerOf(lowering, at).shape);
  return lowering.builder.reshape(dual.value, [dual.perExample ? batch : 1, rows, size]);
}

function sumDuals(lowering: Lowering, bound: Bound, at: LayerId, duals: readonly Dual[], rows: number): Dual {
  const b = lowering.builder;
  const { shape } = layerOf(lowering, at);
  const values = duals.map(dual => materialized(lowering, bound, at, dual, rows));
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
    ordered.map(dual => grouped(lowering, at, dual, rows)),
  );
  return { value: b.reshape(sum, stack(timesDim(batch, rows), shape)), perExample: true };
}

/** The dual norm of the ball: `⟨r_0, |ν|⟩` for l∞, `ε·‖ν‖₂` for l2. */
function ballNorm(lowering: Lowering, at: LayerId, dual: DualValue, rows: number): Norms {
  const b = lowering.builder;
  if (lowering.dual.graph.ball.norm === 'linf') return rowNorms(b, dual.value, ballOf(lowering).radius, rows);
  const features = sizeOf(layerOf(lowering, at).shape);
  const norm = l2Norm(lowering, b.sum(b.unary('square', grouped(lowering, at, dual, rows)), [2]), features);
  const value = dual.perExample ? norm : b.append({ kind: 'broadcast', shape: [batch, rows] }, [norm]);
  return { value, roundings: features + roundingsOfRoot };
}

/**
 * A radius that holds with a probability (paper, Appendix E; docs/probability.md). Each bound has a merged sketch of its own, carried from the
 * ball with draws that no other bound has: given the bands of earlier layers it is independent of them, and a tail bound holds for it.
 * What reads it is the geometric mean without the correction for its bias, the largest of several, times `1 / (1 − ε)`.
 *
 * In float32 the samples are off by a share of their sizes at most. With that added, `∏(|s̃_i| + η_i)^{1/k}` is at least the mean of the
 * samples as real numbers give them.
 */
import type { Bound } from '../../3-dual/dual.ts';
import type { ProbableStrategy } from '../../4-schedule/plan.ts';
import { found } from '../../shared/assert.ts';
import { leastNormal, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import { sizeOf } from '../../shared/shape.ts';
import { batch, type Dim } from '../dim.ts';
import { addAll } from '../lower/centre.ts';
import { passTo } from '../lower/forward-pass.ts';
import { type Lowering, layerOf, type SketchValues, stack } from '../lower/lowering.ts';
import type { Norms } from '../lower/norms.ts';
import { sketchErrors } from '../lower/sketch-error.ts';
import { type Drawn, sketchPass } from '../lower/sketch-pass.ts';

/** Roundings of one level of a geometric mean: two roots, each off by up to `10u`, and their product. */
const roundingsOfLevel = 21;

/** Radius around the centre of the bounded layer, `[batch, …layer]`. */
export function lowerProbable(lowering: Lowering, bound: Bound, strategy: ProbableStrategy): Norms {
  const { builder: b, dual, float32 } = lowering;
  const { projections, estimators, cauchyFactor, normalFactor } = strategy;
  const draws = projections * estimators;
  const { shape } = layerOf(lowering, bound.of);
  const features = sizeOf(shape);
  const carried = (carries: Drawn['carries']): SketchValues => {
    const drawn: Drawn = { k: draws, isMerged: true, streamOf: layer => streamOf(bound, layer), carries };
    return passTo(bound.of, sketchPass(lowering, drawn), new Map(), lowering.layers);
  };
  const samples = carried('samples');
  const sizes = float32 === null ? null : carried('sizes');
  const error = float32 && found(sketchErrors(dual.graph, float32.terms).get(bound.of), `sketch error of ${bound.of}`);
  /** `|s̃| + η`, `[n, draws, features]`. */
  const largest = (value: ValueId, size: ValueId | undefined, n: Dim): ValueId => {
    const inRows = (each: ValueId): ValueId => b.reshape(each, [n, draws, features]);
    const magnitude = b.within({ role: 'samples' }, () => b.unary('abs', inRows(value)));
    if (error === null) return magnitude;
    const share = roundedUp(error.share * (1 + error.slack) * (1 + 4 * unitRoundoff));
    return b.within({ role: 'largest samples' }, () =>
      b.binary('add', magnitude, b.binary('mul', inRows(found(size, 'sizes of samples')), b.constant(share))),
    );
  };
  const parts = samples.cauchy.map(({ value }, index) => {
    const mean = b.within({ role: 'scale' }, () =>
      b.append({ kind: 'geometricMeans', groups: estimators }, [largest(value, sizes?.cauchy[index]?.value, batch)]),
    );
    return b.within({ role: 'largest scale' }, () => b.binary('mul', mean, b.constant(roundedUp(cauchyFactor))));
  });
  const { normal } = samples;
  if (normal !== null) {
    const n = normal.perExample ? batch : 1;
    const deviation = b.within({ role: 'ball radius' }, () => {
      const squares = b.sum(b.unary('square', largest(normal.value, sizes?.normal?.value, n)), [1]);
      // What squares may lose when they are flushed.
      const kept = b.binary('add', squares, b.constant(roundedUp(8 * draws * leastNormal)));
      return b.binary('mul', b.unary('sqrt', kept), b.constant(roundedUp(normalFactor)));
    });
    parts.push(normal.perExample ? deviation : b.append({ kind: 'broadcast', shape: [batch, features] }, [deviation]));
  }
  const radius = b.within({ role: 'radius' }, () => b.reshape(addAll(b, parts), stack(batch, shape)));
  return { value: radius, roundings: roundingsOfLevel * Math.log2(projections) + draws + 24 };
}

/** No two bounds have draws in common, and none has those of training. */
export const streamOf = ({ name }: Bound, layer: string): string => `${layer} for ${name}`;

/** Weights near the largest float32: products and sums that are no float32, in the network or only in its magnitudes. */
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import type { ExactSubject } from '../subject.ts';
import { chance, type Next, pick } from './drawing.ts';
import { graphMaker } from './graph-maker.ts';

/** `x ↦ [w relu(x) + w relu(x) + margin, 0]`, at an `x` where all is off but one. */
export function overflow(weight: number, margin: number): ExactSubject {
  const g = graphMaker([2]);
  const hidden = g.relu(g.dense(g.input, 2));
  const logits = g.dense(hidden, 2);
  return {
    graph: g.network(logits, { norm: 'linf', epsilon: 0.1, box: null }),
    params: {
      'dense1.weight': Float32Array.of(weight, 0, 0, weight),
      'dense1.bias': new Float32Array(2),
      'dense2.weight': Float32Array.of(1, 0, 1, 0),
      'dense2.bias': Float32Array.of(margin, 0),
    },
    x: Float32Array.of(-1, 2),
    label: 0,
    epsilon: 0.1,
  };
}

/**
 * `x ↦ [10⁵, (w_0 x_0 + Σ w_i x_i)/2¹²⁶]`: each of the other products is lost when it is added to the first, and all of them together are
 * more than what that one lacks to the largest float32. So the sum is finite from left to right and infinite from right to left.
 */
export function overflowInOneOrder(others: number): ExactSubject {
  const g = graphMaker([others + 1]);
  const logits = g.dense(g.dense(g.input, 1), 2);
  const spacing = 2 ** 104;
  return {
    graph: g.network(logits, { norm: 'linf', epsilon: 1, box: null }),
    params: {
      'dense1.weight': Float32Array.from({ length: others + 1 }, (_, i) =>
        i === 0 ? 2 ** 128 - 100 * spacing : 0.49 * spacing,
      ),
      'dense1.bias': new Float32Array(1),
      'dense2.weight': Float32Array.of(0, 2 ** -126),
      'dense2.bias': Float32Array.of(1e5, 0),
    },
    x: new Float32Array(others + 1),
    label: 0,
    epsilon: 1,
  };
}

const huge = [3e38, -3e38, 1.7e38, -1.7e38, 2 ** 100, -(2 ** 100)];
const small = [0, 1, -1, 2 ** -100, -(2 ** -120), 2 ** -20, 1e-38];

/** Huge weights among small ones, in every layer. */
export const overflowingWeights = (
  graph: LayerGraph,
  shapes: Readonly<Record<string, readonly number[]>>,
  next: Next,
): Record<string, Float32Array> => {
  const share = pick(next, [0.1, 0.3, 0.6]);
  const isRare = chance(next, 0.5);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      // Elsewhere than in the last layer numbers can come back.
      const own = isRare && name.startsWith(graph.output) ? share / 5 : share;
      const size = shape.reduce((product, side) => product * side, 1);
      return [name, Float32Array.from({ length: size }, () => pick(next, chance(next, own) ? huge : small))];
    }),
  );
};

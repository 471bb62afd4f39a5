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

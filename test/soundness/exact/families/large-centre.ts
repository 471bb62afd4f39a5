/** An example so large that its ball lies between two float32 numbers, and a network that sees the difference. */
import type { ExactSubject } from '../subject.ts';
import { graphMaker } from './graph-maker.ts';

/** The margin is `margin − |x' − x|·slope`, which is below 0 at the border of the ball when `margin < slope·epsilon`. */
export function largeCentre(x: number, epsilon: number, slope: number, margin: number): ExactSubject {
  const g = graphMaker([1]);
  const hidden = g.relu(g.dense(g.input, 2));
  const logits = g.dense(hidden, 2);
  return {
    graph: g.network(logits, { norm: 'linf', epsilon, box: null }),
    params: {
      'dense1.weight': Float32Array.of(1, -1),
      'dense1.bias': Float32Array.of(-x, x),
      'dense2.weight': Float32Array.of(-slope, 0, -slope, 0),
      'dense2.bias': Float32Array.of(margin, 0),
    },
    x: Float32Array.of(x),
    label: 0,
    epsilon,
  };
}

/** Weights near the largest float32: products that are no float32, in the network or only in its magnitudes. */
import type { ExactSubject } from '../subject.ts';
import { graphMaker } from './graph-maker.ts';

/** `x ↦ [w relu(x) − w relu(x), 0]`, with a margin of `margin` in real numbers. */
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

/**
 * Scales: layers whose weights shrink all values to a scale, then layers whose weights bring them back. The network decides by
 * `|s x|` against a constant, with `s` the product of all weights, and at the centre it is off: what the nonlinearities add is the
 * whole margin.
 */
import type { ExactSubject } from '../subject.ts';
import { graphMaker } from './graph-maker.ts';

export interface Scales {
  /** Of a layer that shrinks, and how many there are; as many layers grow by its inverse. */
  readonly factor: number;
  readonly layers: number;
  readonly margin: number;
  readonly epsilon: number;
}

/** One input, two chains of nonlinear layers for its two signs. The margin is `margin − |x|` up to the rounding of the weights. */
export function scales({ factor, layers, margin, epsilon }: Scales): ExactSubject {
  const g = graphMaker([1]);
  const params: Record<string, Float32Array> = {};
  let x = g.input;
  for (let layer = 0; layer < 2 * layers; layer++) {
    x = g.dense(x, 2, false);
    const weight = layer < layers ? factor : 1 / factor;
    params[`${x.id}.weight`] = layer === 0 ? Float32Array.of(weight, -weight) : Float32Array.of(weight, 0, 0, weight);
    x = g.relu(x);
  }
  const logits = g.dense(x, 2);
  params[`${logits.id}.weight`] = Float32Array.of(-1, 0, -1, 0);
  params[`${logits.id}.bias`] = Float32Array.of(margin, 0);
  const graph = g.network(logits, { norm: 'linf', epsilon, box: null });
  return { graph, params, x: Float32Array.of(0), label: 0, epsilon };
}

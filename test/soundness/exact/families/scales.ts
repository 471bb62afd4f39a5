/**
 * Scales: layers whose weights shrink all values to a scale, then layers whose weights bring them back. The network decides by
 * `|s x|` against a constant, with `s` the product of all weights, and at the centre it is off: what the nonlinearities add is the
 * whole margin.
 */
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import type { ExactSubject } from '../subject.ts';
import { graphMaker } from './graph-maker.ts';

export interface Scales {
  /** Of each layer behind the first one's split into two signs; where they multiply to 1 the margin is `margin − |x|`. */
  readonly factors: readonly number[];
  readonly margin: number;
  readonly epsilon: number;
}

export const shrinkAndGrow = (factor: number, layers: number): number[] =>
  Array.from({ length: 2 * layers }, (_, layer) => (layer < layers ? factor : 1 / factor));

/** One input, two chains of nonlinear layers for its two signs. */
export function scalesGraph(layers: number): LayerGraph {
  const g = graphMaker([1]);
  let x = g.input;
  for (let layer = 0; layer < layers; layer++) x = g.relu(g.dense(x, 2, false));
  return g.network(g.dense(x, 2), { norm: 'linf', epsilon: 0.1, box: null });
}

export function scales(
  { factors, margin, epsilon }: Scales,
  graph: LayerGraph = scalesGraph(factors.length),
): ExactSubject {
  const params: Record<string, Float32Array> = {};
  for (const [layer, factor] of factors.entries())
    params[`dense${layer + 1}.weight`] =
      layer === 0 ? Float32Array.of(factor, -factor) : Float32Array.of(factor, 0, 0, factor);
  params[`${graph.output}.weight`] = Float32Array.of(-1, 0, -1, 0);
  params[`${graph.output}.bias`] = Float32Array.of(margin, 0);
  return { graph, params, x: Float32Array.of(0), label: 0, epsilon };
}

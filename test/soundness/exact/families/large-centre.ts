/** Examples so large that their ball lies between two float32 numbers, and networks that see the difference. */
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import type { ExactSubject } from '../subject.ts';
import { graphMaker } from './graph-maker.ts';

export function largeCentreGraph(inputs: number, box: readonly [number, number] | null): LayerGraph {
  const g = graphMaker([inputs]);
  return g.network(g.dense(g.relu(g.dense(g.input, 2 * inputs)), 2), { norm: 'linf', epsilon: 0.1, box });
}

/** The margin is `margin − slope·Σ|x'ᵢ − xᵢ|`, which is below 0 at a corner of the ball when `margin < inputs·slope·epsilon`. */
export function largeCentre(
  x: Float32Array,
  { epsilon, slope, margin }: { readonly epsilon: number; readonly slope: number; readonly margin: number },
  graph: LayerGraph = largeCentreGraph(x.length, [-(2 ** 32), 2 ** 32]),
): ExactSubject {
  const units = 2 * x.length;
  const sign = (unit: number): number => (unit % 2 === 0 ? 1 : -1);
  return {
    graph,
    params: {
      'dense1.weight': Float32Array.from({ length: x.length * units }, (_, i) =>
        (i % units) >> 1 === Math.floor(i / units) ? sign(i % units) : 0,
      ),
      'dense1.bias': Float32Array.from({ length: units }, (_, unit) => -sign(unit) * x[unit >> 1]!),
      'dense2.weight': Float32Array.from({ length: 2 * units }, (_, i) => (i % 2 === 0 ? -slope : 0)),
      'dense2.bias': Float32Array.of(margin, 0),
    },
    x,
    label: 0,
    epsilon,
  };
}

/** A schedule of interval bounds only gives what interval arithmetic gives, written another way; and no pass changes it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRole } from '../../compiler/2-graph/roles.ts';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { mapRecord } from '../../compiler/shared/map-record.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import { leastOfRow, plainIntervals } from '../support/plain-interval.ts';
import { type RandomNetwork, randomNetwork } from '../support/random-network.ts';
import { plainNetwork } from '../support/random-network-forward.ts';
import { boxAround } from '../support/sample-ball.ts';
import { textGraph } from '../support/text-graph.ts';
import { type Certificate, certificateOf, planFor, type Subject } from './certificate.ts';
import { absoluteTolerance, relativeTolerance } from './check-network.ts';
import { roomy } from './plan-requests.ts';

/** Asked of each bound by name: asked of all, closed form stands in where it is as cheap. */
function intervalsOnly(network: Subject): { readonly optimized: Certificate; readonly lowered: Certificate } {
  const dual = buildDual(network.graph);
  const bounds = dual.bounds.map(({ name }) => `certify:${name}=interval`).join(',');
  const planned = planFor(network, { name: 'interval', bounds, memoryBytes: roomy });
  expect(Object.keys(planned.strategies)).toEqual(['interval']);
  return {
    optimized: certificateOf(network, planned),
    lowered: certificateOf(network, { ...planned, certificate: planned.lowered }),
  };
}

function expectIntervals(network: RandomNetwork, certificate: Certificate): void {
  const { graph, batch, labels } = network;
  const plain = plainNetwork(graph, network.params);
  const size = network.x.length / batch;
  const classes = certificate.margins.length / batch;
  for (let example = 0; example < batch; example++) {
    const x = network.x.subarray(example * size, (example + 1) * size);
    const ends = plainIntervals(graph, plain, x);
    const [low, high] = boxAround(graph.ball, x);
    const sizes = plain.magnitudes(x.map((_, i) => Math.max(Math.abs(low[i]!), Math.abs(high[i]!))));
    const near = (actual: number, wanted: number, magnitude: number, what: string): void => {
      const allowed = relativeTolerance * magnitude + absoluteTolerance;
      if (!(Math.abs(actual - wanted) <= allowed)) throw new Error(`${what}: ${actual}, not ${wanted} ± ${allowed}`);
    };
    for (const relu of graph.layers.filter(layer => hasRole(layer, 'nonlinearity'))) {
      const input = relu.inputs[0]!;
      const count = sizeOf(relu.shape);
      for (let entry = 0; entry < count; entry++) {
        const magnitude = sizes.get(input)![entry]!;
        const { lower, upper } = certificate.bounds[relu.id]!;
        near(
          lower[example * count + entry]!,
          ends.get(input)![0][entry]!,
          magnitude,
          `lower end ${entry} of ${relu.id}`,
        );
        near(
          upper[example * count + entry]!,
          ends.get(input)![1][entry]!,
          magnitude,
          `upper end ${entry} of ${relu.id}`,
        );
      }
    }
    for (let other = 0; other < classes; other++) {
      const row = new Float64Array(classes);
      row[labels[example]!]! += 1;
      row[other]! -= 1;
      const magnitude = sizes.get(graph.output)![labels[example]!]! + sizes.get(graph.output)![other]!;
      near(
        certificate.margins[example * classes + other]!,
        leastOfRow(graph, plain, ends, x, row),
        magnitude,
        `margin ${other}`,
      );
    }
  }
}

describe('interval bounds', () => {
  it('are those of interval arithmetic, before and after the passes', () => {
    const holds = fc.property(randomNetwork, network => {
      const { optimized, lowered } = intervalsOnly(network);
      expectIntervals(network, lowered);
      expectIntervals(network, optimized);
    });
    fc.assert(holds, { seed: 31, numRuns: 200 });
  });

  it('are worked by hand for two layers', () => {
    const graph = textGraph(`
      ball linf 1 in [0, 2]
      x = input() : [2]
      z = dense(x) {units: 1, useBias: false} : [1]
      relu = relu(z) : [1]
      logits = dense(relu) {units: 2, useBias: true} : [2]
      output logits`);
    const params = { 'z.weight': [1, -1], 'logits.weight': [2, -1], 'logits.bias': [0, 1] };
    // x lies in [0, 2] × [0, 1], so z = x1 − x2 in [−1, 2]; the margin is 3 relu(z) − 1.
    const { optimized } = intervalsOnly({
      graph,
      params: mapRecord(params, values => Float64Array.from(values)),
      x: Float64Array.of(1, 0),
      labels: [0],
      batch: 1,
      epsilon: 1,
    });
    expect([...optimized.bounds.relu!.lower, ...optimized.bounds.relu!.upper]).toEqual([-1, 2]);
    expect([...optimized.margins]).toEqual([0, -1]);
  });
});

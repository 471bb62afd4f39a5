/** How large the numbers are that are added up on the way: the unit in which rounding is measured. */
import type { Layer } from '../../../compiler/2-graph/layer.ts';
import { assertNever } from '../../../compiler/shared/assert.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { joinedEntries } from '../../support/joined-entries.ts';
import { pooledEntries } from '../../support/pooled-entries.ts';
import { affineRows } from './affine-rows.ts';
import type { Observed } from './observe.ts';
import type { ExactSubject } from './subject.ts';

/**
 * For each entry of each layer, the sum of the sizes of all products that it is made of, over all paths, at the largest |x| of the ball.
 * Nothing passes through a nonlinearity that was off at every point.
 */
export function magnitudes(
  { graph, params, x, epsilon }: ExactSubject,
  { real }: Pick<Observed, 'real'>,
): ReadonlyMap<LayerId, Float64Array> {
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const values = new Map<LayerId, Float64Array>();
  for (const layer of graph.layers) values.set(layer.id, sizesOf(layer));
  return values;

  function sizesOf(layer: Layer): Float64Array {
    const inputs = layer.inputs.map(id => values.get(id)!);
    const inputShapes = layer.inputs.map(id => shapes.get(id)!);
    const [first] = inputs as [Float64Array];
    switch (layer.kind) {
      case 'input':
        return Float64Array.from(x, entry => Math.abs(entry) + epsilon);
      case 'relu': {
        const seen = real.get(layer.inputs[0]!)!.greatest;
        return first.map((entry, i) => (seen[i]!.about > 0 ? entry : 0));
      }
      case 'leakyRelu': {
        const seen = real.get(layer.inputs[0]!)!.greatest;
        return first.map((entry, i) => (seen[i]!.about > 0 ? entry : entry * layer.negativeSlope));
      }
      case 'flatten':
      case 'reshape':
        return first;
      case 'add':
        return first.map((_, i) => inputs.reduce((total, input) => total + input[i]!, 0));
      case 'concat':
        return Float64Array.from(joinedEntries(inputShapes), ({ operand, entry }) => inputs[operand]![entry]!);
      case 'averagePool2d':
        return Float64Array.from(
          pooledEntries(layer, inputShapes[0]!),
          ({ from, count }) => from.reduce((total, place) => total + first[place]!, 0) / count,
        );
      case 'normalize':
        return first.map(
          (entry, i) => (entry + Math.abs(layer.mean[i % layer.mean.length]!)) / layer.std[i % layer.std.length]!,
        );
      case 'dense':
      case 'conv2d': {
        const rows = affineRows(layer, inputShapes[0]!)!;
        const [weights, biases] = [params[`${layer.id}.weight`]!, params[`${layer.id}.bias`]];
        return Float64Array.from(rows, ({ from, weight, bias }) =>
          from.reduce(
            (total, place, k) => total + Math.abs(weights[weight[k]!]!) * first[place]!,
            Math.abs(biases?.[bias] ?? 0),
          ),
        );
      }
      default:
        return assertNever(layer);
    }
  }
}

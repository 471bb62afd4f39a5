/** How large the numbers are that are added up on the way: the unit in which rounding is measured. */
import type { LayerId } from '../../../compiler/shared/ids.ts';
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
  for (const layer of graph.layers) {
    const inputs = layer.inputs.map(id => values.get(id)!);
    const rows = affineRows(layer, shapes.get(layer.inputs[0] ?? layer.id)!);
    const [weights, biases] = [params[`${layer.id}.weight`], params[`${layer.id}.bias`]];
    if (layer.kind === 'input')
      values.set(
        layer.id,
        Float64Array.from(x, entry => Math.abs(entry) + epsilon),
      );
    else if (layer.kind === 'relu') {
      const seen = real.get(layer.inputs[0]!)!.greatest;
      values.set(
        layer.id,
        inputs[0]!.map((entry, i) => (seen[i]!.about > 0 ? entry : 0)),
      );
    } else if (layer.kind === 'normalize')
      values.set(
        layer.id,
        inputs[0]!.map(
          (entry, i) => (entry + Math.abs(layer.mean[i % layer.mean.length]!)) / layer.std[i % layer.std.length]!,
        ),
      );
    else if (rows === null)
      values.set(
        layer.id,
        inputs[0]!.map((_, i) => inputs.reduce((total, input) => total + input[i]!, 0)),
      );
    else
      values.set(
        layer.id,
        Float64Array.from(rows, ({ from, weight, bias }) =>
          from.reduce(
            (total, place, k) => total + Math.abs(weights![weight[k]!]!) * inputs[0]![place]!,
            Math.abs(biases?.[bias] ?? 0),
          ),
        ),
      );
  }
  return values;
}

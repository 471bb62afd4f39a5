import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { mismatches } from './check-parameters.ts';
import { convertLayout, type Layout, layoutRefusal, shapeIn } from './layout.ts';
import type { NamedTensor } from './named-tensor.ts';
import type { Weights } from './weights-from.ts';

/** The tensors of a network's file of weights. `weights` are in layout `tfjs`. Raises `InputError` when they do not fit the network. */
export function weightTensors(weights: Weights, meta: ModelMeta, layout: Layout): NamedTensor[] {
  const problems = mismatches(new Map(Object.entries(weights)), meta.parameters, 'tfjs');
  if (problems.length > 0) throw new InputError(`weights to save do not fit ${meta.source}: ${problems.join('; ')}`);
  const refused = meta.parameters.flatMap(parameter => layoutRefusal(parameter, layout) ?? []);
  if (refused.length > 0)
    throw new InputError(
      `${meta.source} has no weights in layout ${layout}: ${refused.join('; ')}. Save them in layout tfjs`,
    );
  return meta.parameters.map(parameter => ({
    name: parameter.name,
    dtype: 'F32',
    shape: shapeIn(layout, parameter),
    data: convertLayout(weights[parameter.name]!.data, parameter, 'tfjs', layout),
  }));
}

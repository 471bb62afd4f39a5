/** Weights of a network to a safetensors file, in either layout. */
import type { ModelMeta } from '../contract.ts';
import { mismatches } from './check-parameters.ts';
import { convertLayout, type Layout, shapeIn } from './layout.ts';
import type { Weights } from './load-weights.ts';
import type { NamedTensor } from './named-tensor.ts';
import { writeSafetensors } from './write-safetensors.ts';

/**
 * Writes the parameters that `meta` lists as float32, whole or not at all, with `layout` and `notes` as metadata.
 * `weights` are in layout `tfjs`. Raises as `writeSafetensors` does.
 */
export async function saveWeights(
  file: string,
  weights: Weights,
  meta: ModelMeta,
  layout: Layout,
  notes: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeSafetensors(file, weightTensors(weights, meta, layout), { ...notes, layout });
}

/** The tensors that `saveWeights` writes. */
export function weightTensors(weights: Weights, meta: ModelMeta, layout: Layout): NamedTensor[] {
  const problems = mismatches(new Map(Object.entries(weights)), meta.parameters, 'tfjs');
  if (problems.length > 0) throw new RangeError(`weights to save do not fit ${meta.source}: ${problems.join('; ')}`);
  return meta.parameters.map(parameter => ({
    name: parameter.name,
    dtype: 'F32',
    shape: shapeIn(layout, parameter),
    data: convertLayout(weights[parameter.name]!.data, parameter, 'tfjs', layout),
  }));
}

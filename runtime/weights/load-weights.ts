/** Weights of a network from a safetensors file. */
import { text } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { checkMeta } from '../border/check-model.ts';
import type { ModelMeta } from '../contract.ts';
import { readSafetensors } from './read-safetensors.ts';
import { type LoadedWeights, type Weights, weightsFrom } from './weights-from.ts';

/** The weights alone; see `loadWeightsFile`. */
export async function loadWeights(file: string, meta: ModelMeta): Promise<Weights> {
  return (await loadWeightsFile(file, meta)).weights;
}

/**
 * Reads the parameters that `meta` lists and converts them to layout `tfjs`. The file's metadata `layout` says how they
 * are stored; without it the shapes decide when only one layout fits. Raises `InputError` that lists every missing,
 * unexpected and misshapen tensor and every value that is not finite.
 */
export async function loadWeightsFile(file: string, meta: ModelMeta): Promise<LoadedWeights> {
  checkArgument(text, file, 'loadWeightsFile: file');
  checkMeta(meta, 'loadWeightsFile');
  return weightsFrom(await readSafetensors(file), meta, file);
}

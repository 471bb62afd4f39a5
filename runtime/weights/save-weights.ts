/** Weights of a network to a safetensors file, in either layout. */
import { text } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import type { ModelMeta } from '../contract.ts';
import { writeWholeFile } from '../files/write-file.ts';
import type { Layout } from './layout.ts';
import { encodeWeights } from './weight-bytes.ts';
import type { Weights } from './weights-from.ts';

/**
 * Writes the parameters that `meta` lists as float32, whole or not at all, with `layout` and `notes` as metadata.
 * `weights` are in layout `tfjs`. Raises `InputError` when they do not fit the network, and what `writeWholeFile` does.
 */
export async function saveWeights(
  file: string,
  weights: Weights,
  meta: ModelMeta,
  layout: Layout,
  notes: Readonly<Record<string, string>> = {},
): Promise<void> {
  checkArgument(text, file, 'saveWeights: file');
  await writeWholeFile(file, encodeWeights(weights, meta, { layout, notes }));
}

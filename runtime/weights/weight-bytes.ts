/** Weights of a network from and to the bytes of a safetensors file, for programs without files. */
import * as v from 'valibot';
import { oneOf, text, textsByName } from '../border/argument-schemas.ts';
import { type Bytes, readBytes } from '../border/bytes.ts';
import { checkArgument } from '../border/check-argument.ts';
import { checkMeta } from '../border/check-model.ts';
import type { ModelMeta } from '../contract.ts';
import { checkWeights } from './check-weights.ts';
import { encodeSafetensors } from './encode-safetensors.ts';
import { type Layout, layouts } from './layout.ts';
import { parseSafetensors } from './parse-safetensors.ts';
import { weightTensors } from './weight-tensors.ts';
import { type LoadedWeights, type Weights, weightsFrom } from './weights-from.ts';

export interface ReadWeightsOptions {
  /** What errors call the bytes. Default: `the weights`. */
  readonly name?: string | undefined;
}

const readSchema = v.strictObject({ name: v.optional(text, 'the weights') }, 'it needs an object');

/** As `loadWeightsFile`, from bytes: the parameters that `meta` lists, in layout `tfjs`. Raises `InputError` when they do not fit. */
export async function readWeights(bytes: Bytes, meta: ModelMeta, options?: ReadWeightsOptions): Promise<LoadedWeights> {
  checkMeta(meta, 'readWeights');
  const { name } = checkArgument(readSchema, options ?? {}, 'readWeights: options');
  return weightsFrom(parseSafetensors(await readBytes(bytes, 'readWeights: bytes'), name), meta, name);
}

export interface EncodeWeightsOptions {
  /** Default: `tfjs`. */
  readonly layout?: Layout | undefined;
  /** Metadata. */
  readonly notes?: Readonly<Record<string, string>> | undefined;
}

const encodeSchema = v.strictObject(
  {
    layout: v.optional(oneOf(layouts), 'tfjs'),
    notes: v.optional(textsByName('it needs a text for each name'), {}),
  },
  'it needs an object',
);

/** The file that `saveWeights` writes. `weights` are in layout `tfjs`. Raises `InputError` when they do not fit the network. */
export function encodeWeights(weights: Weights, meta: ModelMeta, options?: EncodeWeightsOptions): Uint8Array {
  checkMeta(meta, 'encodeWeights');
  checkWeights(weights, 'encodeWeights: weights');
  const { layout, notes } = checkArgument(encodeSchema, options ?? {}, 'encodeWeights: options');
  return encodeSafetensors(weightTensors(weights, meta, layout), { ...notes, layout });
}

/** Foreign weights for a network: a checkpoint of PyTorch in either of its formats, or a safetensors file. */
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { readWholeFile } from '../files/read-file.ts';
import { nonFinite } from '../weights/check-parameters.ts';
import { convertLayout, type Layout } from '../weights/layout.ts';
import type { Weight, Weights } from '../weights/load-weights.ts';
import { matchTensors } from './match-tensors.ts';
import { openCheckpoint } from './open-checkpoint.ts';

export interface ImportOptions {
  /** How the file orders its weights. */
  readonly layout: Layout;
  /** Names of the file to names of the network, tensors or layers. */
  readonly map?: Readonly<Record<string, string>> | undefined;
  /** Which state dict of a list, counted from 1. */
  readonly stage?: number | undefined;
}

/** One tensor of the file and the parameter it became. */
export interface MappingRow {
  readonly from: string;
  readonly fromShape: readonly number[];
  readonly to: string;
  /** In layout `tfjs`. */
  readonly toShape: readonly number[];
}

export interface ImportedWeights {
  /** In layout `tfjs`. */
  readonly weights: Weights;
  readonly mapping: readonly MappingRow[];
  /** `PyTorch (zip)`, `PyTorch (older stream)` or `safetensors`. */
  readonly format: string;
  readonly notes: readonly string[];
}

/**
 * Reads a checkpoint and matches its tensors to the parameters of a network. Executes nothing that the file asks for.
 * Raises `InputError` when the file is corrupt, asks for anything but weights, or does not fit; all misfits at once.
 */
export async function importWeights(file: string, meta: ModelMeta, options: ImportOptions): Promise<ImportedWeights> {
  return importFrom(readWholeFile(file, fileKinds.tensors), file, meta, options);
}

/** As `importWeights`, from bytes in memory. */
export async function importFrom(
  bytes: Uint8Array,
  file: string,
  meta: ModelMeta,
  { layout, map = {}, stage }: ImportOptions,
): Promise<ImportedWeights> {
  const source = await openCheckpoint(bytes, file, { layout, stage });
  const { matches, notes } = matchTensors(source, meta, layout, map);
  const weights: [string, Weight][] = [];
  const problems: string[] = [];
  for (const { from, to } of matches) {
    const floats = (await from.floats()) ?? new Float32Array();
    const bad = nonFinite(from.name, floats, from.shape);
    if (bad !== null) problems.push(bad);
    else weights.push([to.name, { shape: to.shape, data: convertLayout(floats, to, layout, 'tfjs') }]);
  }
  if (problems.length > 0) throw new InputError([`${file}:`, ...problems.map(line => `  ${line}`)].join('\n'));
  return {
    weights: Object.fromEntries(weights),
    mapping: matches.map(({ from, to }) => ({
      from: from.name,
      fromShape: from.shape,
      to: to.name,
      toShape: to.shape,
    })),
    format: source.format,
    notes: [...source.notes, ...notes],
  };
}

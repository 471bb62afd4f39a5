/** Foreign weights for a network, from bytes: a checkpoint of PyTorch in either of its formats, or a safetensors file. */
import type { ModelMeta } from '../contract.ts';
import { InputError } from '../errors.ts';
import { nonFinite } from '../weights/check-parameters.ts';
import { convertLayout, refusedLayout } from '../weights/layout.ts';
import type { Weight, Weights } from '../weights/weights-from.ts';
import type { ImportOptions } from './import-options.ts';
import { matchTensors } from './match-tensors.ts';
import { openCheckpoint } from './open-checkpoint.ts';

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
 * Matches the tensors of a checkpoint in memory to the parameters of a network. Executes nothing that the checkpoint asks for.
 * `file` is the name that errors show. Raises `InputError` when it is corrupt, asks for anything but weights, or does not fit; all
 * misfits at once.
 */
export async function importFrom(
  bytes: Uint8Array,
  file: string,
  meta: ModelMeta,
  { layout, map = {}, stage }: ImportOptions,
): Promise<ImportedWeights> {
  const source = await openCheckpoint(bytes, file, { layout, stage });
  const { matches, notes } = matchTensors(source, meta, layout, map);
  const weights: [string, Weight][] = [];
  const problems = refusedLayout(meta.parameters, layout);
  for (const { from, to } of matches) {
    const floats = (await from.floats()) ?? new Float32Array();
    const bad = nonFinite(from.name, floats, from.shape);
    if (bad !== null) problems.push(bad);
    if (problems.length > 0) continue;
    weights.push([to.name, { shape: to.shape, data: convertLayout(floats, to, layout, 'tfjs') }]);
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

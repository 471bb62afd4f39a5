/** A run's snapshot in one safetensors file: tensors as they are, everything else as JSON in the metadata. */
import * as v from 'valibot';
import { InputError } from '../errors.ts';
import { writeWholeFile } from '../files/write-file.ts';
import type { Snapshot } from '../train/snapshot.ts';
import { encodeSafetensors } from '../weights/encode-safetensors.ts';
import type { NamedTensor } from '../weights/named-tensor.ts';
import { readSafetensors } from '../weights/read-safetensors.ts';
import type { Weight, Weights } from '../weights/weights-from.ts';

export interface Checkpoint {
  readonly snapshot: Snapshot;
  /** Length of the metrics file when it was taken: what lies beyond belongs to a future that did not happen. */
  readonly metricsBytes: number;
  /** Hash of the architecture that the parameters belong to. */
  readonly sourceHash: string;
}

const loss = v.object({ crossEntropy: v.number(), error: v.number() });
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const state = v.object({
  checkpoint: v.literal(1),
  sourceHash: v.string(),
  metricsBytes: count,
  position: v.object({
    epoch: count,
    step: count,
    updates: count,
    seconds: v.number(),
    totals: v.object({ examples: count, natural: loss, robust: loss, robustExamples: count }),
  }),
});

/**
 * Writes a checkpoint; the file before it stays until the new one is on the disk. Raises as `writeWholeFile` does.
 */
export async function saveCheckpoint(file: string, { snapshot, metricsBytes, sourceHash }: Checkpoint): Promise<void> {
  const tensors = [...entriesOf('params', snapshot.params), ...entriesOf('optimizer', snapshot.optimizer)];
  const held: v.InferOutput<typeof state> = { checkpoint: 1, sourceHash, metricsBytes, position: snapshot.position };
  await writeWholeFile(file, encodeSafetensors(tensors, { dualc: JSON.stringify(held) }));
}

/** Reads a checkpoint back, bit by bit. Raises `InputError` when the file is missing, corrupt, or no checkpoint. */
export async function loadCheckpoint(file: string): Promise<Checkpoint> {
  const { metadata, tensors } = await readSafetensors(file);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), state), metadata.dualc);
  if (!parsed.success) {
    throw new InputError(`${file} is no checkpoint of this version of dualc: ${parsed.issues[0].message}`);
  }
  const { position, metricsBytes, sourceHash } = parsed.output;
  const under = (group: string): Weights =>
    Object.fromEntries(
      [...tensors.values()]
        .filter(({ name }) => name.startsWith(`${group}/`))
        .map(tensor => [tensor.name.slice(group.length + 1), weightOf(tensor, file)]),
    );
  return { snapshot: { position, params: under('params'), optimizer: under('optimizer') }, metricsBytes, sourceHash };
}

function entriesOf(group: string, weights: Weights): NamedTensor[] {
  return Object.entries(weights).map(([name, { shape, data }]) => ({
    name: `${group}/${name}`,
    dtype: 'F32',
    shape,
    data,
  }));
}

function weightOf({ name, shape, data }: NamedTensor, file: string): Weight {
  if (!(data instanceof Float32Array)) throw new InputError(`${file} is no checkpoint: its tensor ${name} is not F32`);
  return { shape, data };
}

/** Opens a file of weights by what its first bytes say. */
import { InputError } from '../errors.ts';
import { floatsOf } from '../weights/float-values.ts';
import type { Layout } from '../weights/layout.ts';
import { parseSafetensors } from '../weights/parse-safetensors.ts';
import type { CheckpointSource } from './checkpoint-source.ts';
import { latin1 } from './latin1.ts';
import { findStateDict } from './state-dict.ts';
import { floatsOfTensor, type TorchFile } from './torch-file.ts';
import { openTorchLegacy } from './torch-legacy.ts';
import { openTorchZip } from './torch-zip.ts';

export interface OpenOptions {
  /** What the user says of the file. */
  readonly layout: Layout;
  /** Which of several state dicts, counted from 1. */
  readonly stage?: number | undefined;
}

/** Raises `InputError` when the format is unknown, the file is corrupt, or it asks for what is not weights. */
export async function openCheckpoint(bytes: Uint8Array, file: string, options: OpenOptions): Promise<CheckpointSource> {
  if (startsWith(bytes, 'PK')) return sourceOf(openTorchZip(bytes, file), file, options.stage);
  if (bytes[0] === 0x80) return sourceOf(openTorchLegacy(bytes, file), file, options.stage);
  if (bytes[8] === 0x7b) return safetensorsSource(bytes, file, options);
  if (startsWith(bytes.subarray(257), 'ustar')) {
    throw new InputError(
      `${file} is a tar file, as torch.save wrote before version 0.1.10: load it in torch and save it anew`,
    );
  }
  throw new InputError(`${file} is neither a checkpoint of torch.save nor a safetensors file (byte 0)`);
}

function sourceOf(torch: TorchFile, file: string, stage: number | undefined): CheckpointSource {
  const { tensors, notes } = findStateDict(torch.value, stage, file);
  return {
    format: torch.format,
    tensors: [...tensors].map(([name, tensor]) => ({
      name,
      dtype: tensor.storage.dtype,
      shape: tensor.shape,
      floats: () => floatsOfTensor(torch, tensor),
    })),
    ordered: true,
    notes,
  };
}

/** Tensors of such a file stand in the order of their names, which says nothing of the network. */
function safetensorsSource(bytes: Uint8Array, file: string, { layout, stage }: OpenOptions): CheckpointSource {
  const { metadata, tensors } = parseSafetensors(bytes, file);
  if (stage !== undefined)
    throw new InputError(`${file}: --stage chooses from a list of state dicts, and this is a safetensors file`);
  if (metadata.layout !== undefined && metadata.layout !== layout) {
    throw new InputError(
      `${file}: its metadata says layout ${metadata.layout}, not ${layout}: leave out --layout ${layout} or correct it`,
    );
  }
  return {
    format: 'safetensors',
    tensors: [...tensors.values()].map(({ name, dtype, shape, data }) => ({
      name,
      dtype,
      shape,
      floats: async () => floatsOf(dtype, data),
    })),
    ordered: false,
    notes: [],
  };
}

const startsWith = (bytes: Uint8Array, text: string): boolean => latin1(bytes.subarray(0, text.length)) === text;

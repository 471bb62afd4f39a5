/** Reads safetensors files. */
import { fileKinds } from '../files/file-kinds.ts';
import { readWholeFile } from '../files/read-file.ts';
import { elementsFrom, type NamedTensor } from './named-tensor.ts';
import { readHeader } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in file order. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Reads a file's metadata and all its tensors. Raises `InputError` when it is missing, cut short or corrupt. */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  return parseSafetensors(readWholeFile(file, fileKinds.tensors), file);
}

/** As `readSafetensors`, from bytes in memory; `file` is the name that errors show. */
export function parseSafetensors(bytes: Uint8Array, file: string): SafetensorsFile {
  const { metadata, tensors } = readHeader(bytes, file);
  return {
    metadata,
    tensors: new Map(
      tensors.map(({ name, dtype, shape, begin, end }) => [
        name,
        { name, dtype, shape, data: elementsFrom(dtype, bytes.subarray(begin, end)) },
      ]),
    ),
  };
}

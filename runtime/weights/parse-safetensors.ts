/** The tensors of a safetensors file, from its bytes. */
import { elementsFrom, type NamedTensor } from './named-tensor.ts';
import { readHeader } from './safetensors-header.ts';

export interface SafetensorsFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** By name, in file order. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
}

/** Metadata and all tensors. `file` is the name that errors show. Raises `InputError` when the bytes are cut short or corrupt. */
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

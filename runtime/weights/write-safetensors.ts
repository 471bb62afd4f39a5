/** Writes safetensors files. */
import { writeWholeFile } from '../files/write-file.ts';
import { encodeSafetensors } from './encode-safetensors.ts';
import type { NamedTensor } from './named-tensor.ts';

/**
 * Writes tensors and metadata to a file, whole or not at all. The same tensors give the same bytes in whatever order they
 * come. Raises `InputError` when the place cannot be written to, `EnvironmentError` when the disk is full.
 */
export async function writeSafetensors(
  file: string,
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeWholeFile(file, encodeSafetensors(tensors, metadata));
}

/** Reads safetensors files. */
import { fileKinds } from '../files/file-kinds.ts';
import { readWholeFile } from '../files/read-file.ts';
import { parseSafetensors, type SafetensorsFile } from './parse-safetensors.ts';

/** Reads a file's metadata and all its tensors. Raises `InputError` when it is missing, cut short or corrupt. */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  return parseSafetensors(readWholeFile(file, fileKinds.tensors), file);
}

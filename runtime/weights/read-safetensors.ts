/** Reads safetensors files. */
import { parseSafetensors, type SafetensorsFile } from './parse-safetensors.ts';
import { readWholeFile } from './read-file.ts';

/** Reads a file's metadata and all its tensors. Raises `InputError` when it is missing, cut short or corrupt. */
export async function readSafetensors(file: string): Promise<SafetensorsFile> {
  return parseSafetensors(await readWholeFile(file), file);
}

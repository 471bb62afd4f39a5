/** Foreign weights for a network, from a file. */
import { text } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import type { ModelMeta } from '../contract.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { readWholeFile } from '../files/read-file.ts';
import { type ImportedWeights, importFrom } from './import-from.ts';
import { checkImportOptions, type ImportOptions } from './import-options.ts';

/**
 * Reads a checkpoint and matches its tensors to the parameters of a network. Executes nothing that the file asks for.
 * Raises `InputError` when the file is corrupt, asks for anything but weights, or does not fit; all misfits at once.
 */
export async function importWeights(file: string, meta: ModelMeta, options: ImportOptions): Promise<ImportedWeights> {
  checkArgument(text, file, 'importWeights: file');
  const checked = checkImportOptions(options, meta, 'importWeights');
  return importFrom(readWholeFile(file, fileKinds.tensors), file, meta, checked);
}

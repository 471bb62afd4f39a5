/** Foreign weights for a network, from bytes that a caller hands over. */
import { type Bytes, readBytes } from '../border/bytes.ts';
import type { ModelMeta } from '../contract.ts';
import { type ImportedWeights, importFrom } from './import-from.ts';
import { checkImportOptions, type ImportOptions } from './import-options.ts';

/**
 * As `importWeights`, from bytes: a checkpoint of `torch.save` in either of its formats, or a safetensors file. Executes nothing
 * that it asks for. Raises `InputError` when it is corrupt, asks for anything but weights, or does not fit.
 */
export async function importCheckpoint(
  bytes: Bytes,
  meta: ModelMeta,
  options: ImportOptions & { readonly name?: string | undefined },
): Promise<ImportedWeights> {
  const { name, ...checked } = checkImportOptions(options, meta, 'importCheckpoint');
  return importFrom(await readBytes(bytes, 'importCheckpoint: bytes'), name ?? 'the checkpoint', meta, checked);
}

/** Where the code of a model is to be had: what a thread needs to load it again without compiling it again. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RobustModel } from '../contract.ts';
import { inTemporaryFolder } from '../files/folders.ts';
import { writeWholeFile } from '../files/write-file.ts';

export type ModelSource =
  /** A module on disk, by its address. */
  | { readonly kind: 'file'; readonly url: string }
  /** The text of a module of plain JavaScript, which names what it imports by address. */
  | { readonly kind: 'code'; readonly code: string };

/** Loads the module. Its default export is not looked at: see `checkModel`. Raises what its import does, and `inTemporaryFolder`. */
export async function importModel(source: ModelSource): Promise<RobustModel> {
  switch (source.kind) {
    case 'file':
      return ((await import(source.url)) as { default: RobustModel }).default;
    case 'code':
      // Written to a file of its own for the import, and removed again.
      return inTemporaryFolder(async folder => {
        const file = path.join(folder, 'model.mjs');
        await writeWholeFile(file, source.code);
        return importModel({ kind: 'file', url: pathToFileURL(file).href });
      });
  }
}

/** What `dualc train --resume` goes on with. */
import { existsSync } from 'node:fs';
import type { CascadeFolder, CascadeManifest } from '../../runtime/checkpoint/cascade-folder.ts';
import type { RunDescription } from '../../runtime/checkpoint/run-folder.ts';

export interface EarlierRun {
  readonly run: RunDescription;
  /** Null for a run of one network. */
  readonly cascade: CascadeManifest | null;
}

/** What to go on with; null for a new run. Raises `InputError` for one that cannot be read. */
export async function earlierRun(
  folder: CascadeFolder,
  flags: { readonly resume?: true | undefined; readonly data?: string | undefined },
): Promise<EarlierRun | null> {
  const begun = existsSync(folder.description) || existsSync(folder.manifest);
  // A command line that is repeated until it is done may say --resume from the start.
  if (flags.resume !== true || !(begun || flags.data === undefined)) return null;
  if (existsSync(folder.manifest)) {
    const { readCascadeManifest } = await import('../../runtime/checkpoint/cascade-folder.ts');
    const cascade = await readCascadeManifest(folder);
    return { run: cascade.run, cascade };
  }
  const { readRunDescription } = await import('../../runtime/checkpoint/run-folder.ts');
  return { run: await readRunDescription(folder), cascade: null };
}

/** `dualc setup native --remove`: the build, and what an unfinished setup left. */
import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { withFolderLock } from '../../../runtime/checkpoint/folder-lock.ts';
import { type NativeVariant, nativeFolder } from '../../../runtime/native/native-build.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { sayResult } from '../say.ts';
import { bytesIn } from './downloads.ts';
import { lockOf, workplaceOf } from './workplace.ts';

/** @throws EnvironmentError while a setup is at it */
export async function removeNative(variant: NativeVariant): Promise<void> {
  const build = nativeFolder(variant);
  const folders = (): string[] => [build, workplaceOf(build).folder].filter(folder => existsSync(folder));
  if (folders().length === 0) return sayResult(`there is nothing to remove: ${build} does not exist`);
  await withFolderLock(lockOf(build), async () => {
    let freed = 0;
    const removed = folders();
    for (const folder of removed) {
      freed += await bytesIn(folder);
      await rm(folder, { recursive: true, force: true });
    }
    sayResult(`removed ${removed.join(' and ')}: ${printBytes(freed)} are free again`);
  });
  // Unless there is another variant, or a process that has come for one.
  await rmdir(path.dirname(build)).catch(() => {});
}

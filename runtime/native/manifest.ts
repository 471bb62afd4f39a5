/** What a build of TensorFlow consists of: every file with its size and hash. It is written last, so that a folder with one is whole. */
import { statSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { fileKinds } from '../files/file-kinds.ts';
import { filesBelow } from '../files/folders.ts';
import { type FileHash, hashFile } from '../files/hash-file.ts';
import { readText } from '../files/read-file.ts';
import { writeWholeFile } from '../files/write-file.ts';
import { buildParts, type NativeVariant, nativeFolder, tensorFlowVersion, tfjsVersion } from './native-build.ts';

/** Grows when a build is laid out in another way, so that an older one is built again. */
const layout = 1;

export interface Manifest {
  readonly layout: number;
  readonly variant: NativeVariant;
  readonly tfjs: string;
  readonly tensorFlow: string;
  /** By path in the folder, with `/`. */
  readonly files: Readonly<Record<string, FileHash>>;
}

const schema: v.GenericSchema<unknown, Manifest> = v.object({
  layout: v.number(),
  variant: v.picklist(['cpu', 'gpu']),
  tfjs: v.string(),
  tensorFlow: v.string(),
  files: v.record(v.string(), v.object({ bytes: v.number(), sha256: v.string() })),
});

export type Standing =
  | { readonly state: 'absent' }
  /** There is something that cannot be used; `problem` names it. */
  | { readonly state: 'damaged'; readonly problem: string }
  | { readonly state: 'whole'; readonly manifest: Manifest };

/** What stands in the folder of a build, as far as names and sizes show: hashes of so much take a second. */
export function lookAtBuild(variant: NativeVariant, folder: string = nativeFolder(variant)): Standing {
  const file = path.join(folder, buildParts.manifest);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return { state: 'absent' };
  const manifest = readManifest(file);
  if (manifest === null) return { state: 'damaged', problem: `${file} is missing or damaged` };
  const { layout: found, tfjs, tensorFlow } = manifest;
  if (found !== layout || tfjs !== tfjsVersion || tensorFlow !== tensorFlowVersion || manifest.variant !== variant)
    return { state: 'damaged', problem: `${folder} holds the build of another version of dualc` };
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const problem = sizeProblem(path.join(folder, name), bytes);
    if (problem !== null) return { state: 'damaged', problem };
  }
  return { state: 'whole', manifest };
}

/** Hashes every file of a folder, and writes down what it found. */
export async function writeManifest(folder: string, variant: NativeVariant): Promise<Manifest> {
  const files: Record<string, FileHash> = {};
  for (const name of await filesBelow(folder)) {
    if (name !== buildParts.manifest) files[name] = await hashFile(path.join(folder, name));
  }
  const manifest: Manifest = { layout, variant, tfjs: tfjsVersion, tensorFlow: tensorFlowVersion, files };
  await writeWholeFile(path.join(folder, buildParts.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Compares every file with its hash. Returns what is wrong, one line for each; raises as `hashFile` does. */
export async function compareFiles(folder: string, { files }: Manifest): Promise<string[]> {
  const problems: string[] = [];
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const file = path.join(folder, name);
    const problem = sizeProblem(file, bytes);
    if (problem !== null) problems.push(problem);
    else if ((await hashFile(file)).sha256 !== sha256) problems.push(`${file} is not what was built: its hash differs`);
  }
  return problems;
}

export const bytesOf = ({ files }: Manifest): number => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);

function readManifest(file: string): Manifest | null {
  try {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), readText(file, fileKinds.runDescription));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function sizeProblem(file: string, bytes: number): string | null {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return `${file} is missing`;
  return status.size === bytes ? null : `${file} has ${status.size} bytes in place of ${bytes}`;
}

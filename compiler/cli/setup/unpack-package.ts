/** Takes from the packages of npm what a build needs. */
import { existsSync, renameSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { makeFolder } from '../../../runtime/files/folders.ts';
import { coreSymbol } from '../../../runtime/native/load-build.ts';
import { buildParts, tfjsVersion } from '../../../runtime/native/native-build.ts';
import { writeText } from '../write-text.ts';
import { complaintOf, runProgram } from './run-program.ts';
import type { Tools } from './tools.ts';

/** Unpacks a package into a folder; returns the folder with its files. */
export async function unpackPackage(archive: string, folder: string, { tar }: Tools): Promise<string> {
  await makeFolder(folder);
  const ended = await runProgram([...tar, '-xzf', archive, '-C', folder]);
  if (ended?.code === 0) return path.join(folder, 'package');
  throw new EnvironmentError(`tar could not unpack ${path.basename(archive)}: ${complaintOf(ended).trimStart()}`);
}

const kernelFolder = path.join(path.dirname(buildParts.kernels), 'kernels');

/** What of `@tensorflow/tfjs-node` runs: its kernels and its backend, without that which reads models and pictures. */
export async function layOutKernels(source: string, tree: string): Promise<void> {
  const inPackage = (part: string): string => path.relative('package', part);
  const kernels = await readdir(path.join(source, inPackage(kernelFolder))).catch(() => []);
  const parts = [
    buildParts.kernels,
    buildParts.backend,
    path.join(path.dirname(buildParts.backend), 'int64_tensors.js'),
    ...kernels.filter(name => name.endsWith('.js')).map(name => path.join(kernelFolder, name)),
  ];
  for (const part of parts) {
    const from = path.join(source, inPackage(part));
    if (!existsSync(from)) throw new EnvironmentError(`@tensorflow/tfjs-node lacks ${inPackage(part)}`);
    await makeFolder(path.dirname(path.join(tree, part)));
    renameSync(from, path.join(tree, part));
  }
  for (const [name, text] of Object.entries(ownModules)) await writeText(path.join(tree, 'package', name), text);
}

const core = `// TensorFlow.js of the program that loads this: tensors of another copy would be unknown to it.
module.exports = globalThis[Symbol.for('${coreSymbol}')];
`;

/** Modules of ours in the place of others that the kernels name. */
const ownModules: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify({ name: '@tensorflow/tfjs-node', version: tfjsVersion, type: 'commonjs', private: true })}\n`,
  'node_modules/@tensorflow/tfjs/index.js': core,
  'node_modules/@tensorflow/tfjs-core/index.js': core,
  'dist/proto/api_pb.js': '// Messages of TensorBoard, to which dualc writes nothing.\nmodule.exports = {};\n',
};

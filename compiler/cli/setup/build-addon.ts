/** Builds the addon through which Node calls TensorFlow. One build serves every version of Node: it uses version 8 of Node-API alone. */
import path from 'node:path';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { makeFolder } from '../../../runtime/files/folders.ts';
import { buildParts } from '../../../runtime/native/native-build.ts';
import { complaintOf, runProgram } from './run-program.ts';
import type { Tools } from './tools.ts';
import type { Unpacked } from './unpack-wheel.ts';

export interface AddonSources {
  /** The unpacked `@tensorflow/tfjs-node` and `node-api-headers`. */
  readonly addon: string;
  readonly nodeHeaders: string;
  readonly tensorFlow: Unpacked;
}

const sourceFiles = ['binding/tfjs_backend.cc', 'binding/tfjs_binding.cc'];

/** @throws EnvironmentError with the first lines of what the compiler says */
export async function buildAddon(sources: AddonSources, tree: string, { compiler }: Tools): Promise<void> {
  const { addon, nodeHeaders, tensorFlow } = sources;
  const target = path.join(tree, buildParts.addon);
  await makeFolder(path.dirname(target));
  const headers = [path.join(nodeHeaders, 'include'), tensorFlow.headers, addon].flatMap(folder => ['-I', folder]);
  const ended = await runProgram([
    ...compiler,
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    ...headers,
    ...sourceFiles.map(file => path.join(addon, file)),
    ...['-o', target],
    ...tensorFlow.libraries,
    // The libraries are found from where the addon lies, wherever that is.
    `-Wl,-rpath,$ORIGIN/../${buildParts.libraries}`,
  ]);
  if (ended?.code === 0) return;
  throw new EnvironmentError(
    `${compiler.join(' ')} could not build the addon: ${complaintOf(ended, /error|undefined reference/i).trimStart()}`,
  );
}

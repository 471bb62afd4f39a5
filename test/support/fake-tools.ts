/**
 * A machine for `dualc setup native`: a cache, and a PATH on which pip, npm and a compiler are scripts that copy small files of the same
 * form as the real ones. Each use of them is written to a log.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeZip } from './write-zip.ts';

export interface FakeTools {
  readonly folder: string;
  /** Variables under which a setup sees this machine. */
  readonly variables: Readonly<Record<'PATH' | 'XDG_CACHE_HOME' | 'CXX', string>>;
  /** Where the build comes to lie, and where it is made. */
  readonly build: string;
  readonly workplace: string;
  /** Puts other lines in the place of what a tool does when it is asked for more than its version; null: there is no such tool. */
  tool(name: FakeTool, lines: string | null): void;
  /** The tool as it was at first. */
  repair(name: FakeTool): void;
  /** What was called, without questions for versions: `pip`, `npm`, `g++`. */
  calls(): string[];
  /** The commands with their arguments. */
  commands(): string[];
  remove(): void;
}

export type FakeTool = 'pip' | 'npm' | 'g++';

export const wheelEntries: Readonly<Record<string, string>> = {
  'tensorflow/libtensorflow_cc.so.2': 'the library '.repeat(1000),
  'tensorflow/libtensorflow_framework.so.2': 'the framework',
  'tensorflow/python/_pywrap_tensorflow_internal.so': 'for Python',
  'tensorflow/include/tensorflow/c/c_api.h': '// c_api.h',
  'tensorflow/include/tensorflow/c/eager/c_api.h': '// eager/c_api.h',
  'tensorflow/include/tensorflow/core/platform/ctstring.h': '// ctstring.h',
  'tensorflow/include/tensorflow/core/platform/env.h': '// not needed',
  'tensorflow/include/tsl/c/tsl_status.h': '// tsl_status.h',
  'tensorflow/include/tsl/platform/ctstring_internal.h': '// ctstring_internal.h',
};

const addonFiles: Readonly<Record<string, string>> = {
  'package.json': '{"name": "@tensorflow/tfjs-node"}',
  'binding/tfjs_backend.cc': '//',
  'binding/tfjs_binding.cc': '//',
  'dist/register_all_kernels.js': "require('./kernels/Abs');",
  'dist/nodejs_kernel_backend.js': "exports.tf = require('@tensorflow/tfjs');",
  'dist/int64_tensors.js': '',
  'dist/kernels/Abs.js': "exports.tf = require('@tensorflow/tfjs-core');",
  'dist/kernels/Abs.d.ts': 'export {};',
  'dist/image.js': '// not needed',
};

const last = 'for last; do :; done';
/** The word behind an option. */
const behind = (option: string, name: string): string =>
  `before=; ${name}=; for word; do if [ "$before" = "${option}" ]; then ${name}=$word; fi; before=$word; done`;

export function makeFakeTools(): FakeTools {
  const folder = mkdtempSync(path.join(tmpdir(), 'dualc-setup-'));
  const [bin, store, log] = ['bin', 'store', 'log'].map(name => path.join(folder, name)) as [string, string, string];
  mkdirSync(bin);
  mkdirSync(store);
  writeFileSync(path.join(store, 'tensorflow_cpu-2.15.1-cp311.whl'), writeZip(wheelEntries));
  packPackage(store, 'addon', addonFiles);
  packPackage(store, 'headers', { 'include/node_api.h': '//' });
  for (const name of ['sh', 'cp', 'tar', 'gzip', 'sleep', 'touch', 'echo']) {
    const real = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    if (path.isAbsolute(real)) symlinkSync(real, path.join(bin, name));
  }
  const usual: Readonly<Record<FakeTool, string>> = {
    pip: `${behind('--dest', 'dest')}\ncp ${store}/*.whl "$dest"`,
    npm: `${behind('--pack-destination', 'dest')}\ncase "$2" in @tensorflow*) cp ${store}/addon.tgz "$dest";; *) cp ${store}/headers.tgz "$dest";; esac`,
    'g++': `${behind('-o', 'target')}\necho built > "$target"`,
  };
  const tool = (name: FakeTool, lines: string | null): void => {
    const file = path.join(bin, name);
    rmSync(file, { force: true });
    if (lines === null) return;
    const text = `#!/bin/sh\n${last}\nif [ "$last" = --version ]; then echo 1.0; exit 0; fi\necho "${name} $*" >> ${log}\n${lines}\n`;
    writeFileSync(file, text);
    chmodSync(file, 0o755);
  };
  const repair = (name: FakeTool): void => tool(name, usual[name]);
  for (const name of Object.keys(usual) as FakeTool[]) repair(name);
  const commands = (): string[] => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  const build = path.join(folder, 'cache/dualc/native/4.22.0-cpu');
  return {
    folder,
    variables: { PATH: bin, XDG_CACHE_HOME: path.join(folder, 'cache'), CXX: '' },
    build,
    workplace: `${build}.part`,
    tool,
    repair,
    calls: () => commands().map(line => line.split(' ')[0] ?? ''),
    commands,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function packPackage(store: string, name: string, files: Readonly<Record<string, string>>): void {
  const root = path.join(store, name);
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(root, 'package', file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  execFileSync('tar', ['-czf', `${root}.tgz`, '-C', root, 'package']);
}

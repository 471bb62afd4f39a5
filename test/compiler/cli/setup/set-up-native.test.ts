/** `dualc setup native` on a machine of fakes, in this process; what was built there is tried by a fake as well. */

import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Trial } from '../../../../compiler/cli/setup/try-build.ts';
import { coreSymbol } from '../../../../runtime/native/load-build.ts';
import type { Manifest } from '../../../../runtime/native/manifest.ts';
import { dualcIn, type Outcome } from '../../../support/command-line.ts';
import { type FakeTools, makeFakeTools } from '../../../support/fake-tools.ts';
import { canMount, mountSmall } from '../../../support/small-file-system.ts';

const fake = vi.hoisted(() => ({
  free: 1e12,
  trial: { problem: null, usesGpu: false } as Trial,
  tried: [] as string[],
}));
vi.mock('../../../../runtime/files/free-space.ts', () => ({ freeBytes: () => fake.free }));
vi.mock('../../../../compiler/cli/setup/try-build.ts', () => ({
  noGpu: 'no GPU',
  tryBuild: async (folder: string) => {
    fake.tried.push(folder);
    return fake.trial;
  },
}));

const isSupported = process.platform === 'linux' && process.arch === 'x64';

const realPath = process.env.PATH;

let tools: FakeTools;
beforeEach(() => {
  tools = makeFakeTools();
  for (const [name, value] of Object.entries(tools.variables)) vi.stubEnv(name, value);
  Object.assign(fake, { free: 1e12, trial: { problem: null, usesGpu: false }, tried: [] });
});
afterEach(() => {
  vi.unstubAllEnvs();
  tools.remove();
});

const setup = (...options: string[]): Promise<Outcome> => dualcIn(tools.folder, ['setup', 'native', ...options]);
const inBuild = (name: string): string => path.join(tools.build, name);
const isThere = (): boolean => existsSync(tools.build);
const manifest = (): Manifest => JSON.parse(readFileSync(inBuild('manifest.json'), 'utf8')) as Manifest;

async function refusal(...options: string[]): Promise<string> {
  const { code, err, out } = await setup(...options);
  expect(out).toBe('');
  expect(code).toBe(3);
  return err.slice(err.indexOf('error: ') + 'error: '.length).trimEnd();
}

describe.skipIf(!isSupported)('dualc setup native', () => {
  it('fetches, builds, tries, and leaves the build alone', async () => {
    const { code, err, out } = await setup();
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(err.trim().split('\n')).toEqual([
      'fetching the sources of the addon: @tensorflow/tfjs-node@4.22.0, node-api-headers@1.9.0',
      'fetching TensorFlow: tensorflow-cpu==2.15.1, 207 MB',
      'unpacking',
      'building the addon',
      'trying it',
      expect.stringMatching(
        /^TensorFlow 2\.15\.1 stands in .*4\.22\.0-cpu \(12\.3 KiB\): dualc computes on it from now on/,
      ),
    ]);
    expect(tools.calls()).toEqual(['npm', 'npm', 'pip', 'g++']);
    expect(readdirSync(path.dirname(tools.build))).toEqual(['4.22.0-cpu']);
    expect(Object.keys(manifest().files)).toEqual([
      'addon/tfjs_binding.node',
      'lib/libtensorflow_cc.so.2',
      'lib/libtensorflow_framework.so.2',
      'package/dist/int64_tensors.js',
      'package/dist/kernels/Abs.js',
      'package/dist/nodejs_kernel_backend.js',
      'package/dist/proto/api_pb.js',
      'package/dist/register_all_kernels.js',
      'package/node_modules/@tensorflow/tfjs-core/index.js',
      'package/node_modules/@tensorflow/tfjs/index.js',
      'package/package.json',
    ]);
    expect(statSync(inBuild('lib/libtensorflow_cc.so.2')).size).toBe(12_000);
    // Tried before it was put in its place.
    expect(fake.tried).toEqual([expect.stringContaining('4.22.0-cpu.part/tree-')]);
  });

  it('asks pip for the published wheel, and the compiler for one addon with paths of its own', async () => {
    await setup();
    const [, , pip = '', compiler = ''] = tools.commands();
    expect(pip).toMatch(
      /^pip download .*--no-deps --only-binary=:all: --python-version 3\.11 --platform manylinux_2_17_x86_64 --dest \S+ tensorflow-cpu==2\.15\.1$/,
    );
    expect(compiler).toMatch(
      /-shared -fPIC -O2 -std=c\+\+17 -DNAPI_VERSION=8 .*tfjs_backend\.cc \S+tfjs_binding\.cc -o /,
    );
    expect(compiler).toMatch(
      /lib\/libtensorflow_cc\.so\.2 \S+lib\/libtensorflow_framework\.so\.2 -Wl,-rpath,\$ORIGIN\/\.\.\/lib$/,
    );
  });

  it("gives its kernels the program's own TensorFlow.js", async () => {
    await setup();
    const own = { core: 'ours' };
    Reflect.set(globalThis, Symbol.for(coreSymbol), own);
    const require = createRequire(import.meta.url);
    expect((require(inBuild('package/dist/nodejs_kernel_backend.js')) as { tf: unknown }).tf).toBe(own);
    expect((require(inBuild('package/dist/kernels/Abs.js')) as { tf: unknown }).tf).toBe(own);
    Reflect.deleteProperty(globalThis, Symbol.for(coreSymbol));
  });

  it('does nothing where the build stands, and builds a damaged one again', async () => {
    await setup();
    const again = await setup();
    expect(again).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^TensorFlow .* stands in .* already \(12\.3 KiB\)/),
    });
    expect(tools.calls()).toHaveLength(4);
    rmSync(inBuild('lib/libtensorflow_cc.so.2'));
    expect(await refusal('--check')).toContain(
      'lib/libtensorflow_cc.so.2 is missing: dualc setup native builds it again',
    );
    expect((await setup()).code).toBe(0);
    expect((await setup('--check')).code).toBe(0);
    expect(readdirSync(path.dirname(tools.build))).toEqual(['4.22.0-cpu']);
  });

  it('says nothing of its steps with --quiet', async () => {
    const { err } = await setup('--quiet');
    expect(err).toMatch(/^TensorFlow 2\.15\.1 stands in .*\n$/);
  });
});

describe.skipIf(!isSupported)('dualc setup native refuses', () => {
  it('a machine without the programs it calls, and names them all', async () => {
    tools.tool('pip', null);
    expect(await refusal()).toBe(
      'dualc setup native needs what is not there:\n' +
        '  pip, which fetches TensorFlow: neither pip, pip3 nor python3 -m pip runs; on Debian and Ubuntu: apt-get install python3-pip',
    );
    tools.tool('npm', null);
    tools.tool('g++', null);
    const text = await refusal();
    expect(text).toContain('\n  npm, which fetches the sources of the addon: it does not run; it comes with Node');
    expect(text).toContain(
      '\n  a C++ compiler, which builds the addon: neither g++, c++ nor clang++ runs, and CXX names none; on Debian and Ubuntu: apt-get install g++',
    );
    expect(existsSync(path.dirname(tools.build))).toBe(false);
  });

  it('a compiler that CXX names and that does not run', async () => {
    vi.stubEnv('CXX', 'no-such-compiler -m64');
    expect(await refusal()).toContain(
      'a C++ compiler, which builds the addon: no-such-compiler -m64, which CXX names, does',
    );
  });

  it('a disk without room, and takes what is downloaded into account', async () => {
    fake.free = 800e6;
    expect(await refusal()).toBe(
      `there is not enough room for TensorFlow in ${tools.workplace}: it takes 858 MiB while it is unpacked, and 763 MiB are free. XDG_CACHE_HOME names another place`,
    );
    expect(tools.calls()).toEqual([]);
    fake.free = 1e12;
    tools.tool('g++', 'exit 1');
    await refusal();
    fake.free = 800e6;
    tools.repair('g++');
    expect((await setup()).code).toBe(0);
  });

  it.skipIf(!canMount)('a disk that fills up while it works, and goes on once there is room', async () => {
    // `mount` is none of the fakes.
    vi.stubEnv('PATH', realPath);
    const small = mountSmall(16)!;
    const { PATH } = tools.variables;
    try {
      vi.stubEnv('PATH', PATH);
      vi.stubEnv('XDG_CACHE_HOME', small.folder);
      const text = await refusal();
      expect(text).toMatch(/the disk is full|No space left on device/);
      vi.stubEnv('PATH', realPath);
      small.resize(4096);
      vi.stubEnv('PATH', PATH);
      expect((await setup()).code).toBe(0);
    } finally {
      vi.stubEnv('PATH', realPath);
      small.remove();
    }
  });

  it('what pip does not find, in its words', async () => {
    const complaint = 'ERROR: No matching distribution found for tensorflow-cpu==2.15.1';
    tools.tool('pip', `echo 'WARNING: Retrying' >&2; echo '${complaint}' >&2; exit 1`);
    expect(await refusal()).toBe(`pip could not fetch tensorflow-cpu==2.15.1: ${complaint}`);
    expect(isThere()).toBe(false);
    tools.tool('pip', 'exit 0');
    expect(await refusal()).toBe('wheel was fetched, and no file ….whl came of it');
  });

  it('what npm does not find', async () => {
    tools.tool('npm', "echo 'npm error code E404' >&2; echo 'npm error 404 Not Found' >&2; exit 1");
    expect(await refusal()).toBe(
      'npm could not fetch @tensorflow/tfjs-node@4.22.0: npm error code E404\n  npm error 404 Not Found',
    );
  });

  it('sources that do not compile, with the first errors', async () => {
    tools.tool('g++', 'for n in 1 2 3 4 5 6 7 8; do echo "a.cc:$n: error: no" >&2; echo note >&2; done; exit 1');
    const text = await refusal();
    expect(text).toMatch(/^g\+\+ could not build the addon: a\.cc:1: error: no\n {2}a\.cc:2/);
    expect(text.split('\n')).toHaveLength(6);
    expect(isThere()).toBe(false);
  });

  it('a build that does not work', async () => {
    fake.trial = { problem: 'undefined symbol: TF_Version', usesGpu: false };
    expect(await refusal()).toBe('TensorFlow was built and does not work: undefined symbol: TF_Version');
    expect(isThere()).toBe(false);
  });

  it('an archive that is damaged, which is fetched again', async () => {
    tools.tool('pip', `for word; do dest=$before; before=$word; done\necho 'no archive' > "$dest/tensorflow.whl"`);
    expect(await refusal()).toMatch(/^tensorflow\.whl is not the archive that it should be: .*fetched again/);
    tools.repair('pip');
    expect((await setup()).code).toBe(0);
  });

  it('options that contradict each other, and other parts', async () => {
    expect((await setup('--check', '--remove')).code).toBe(2);
    expect((await dualcIn(tools.folder, ['setup', 'wasm'])).code).toBe(2);
  });
});

describe.skipIf(!isSupported)('an interrupted setup', () => {
  it('keeps finished downloads, and fetches again what is not as it was', async () => {
    tools.tool('g++', 'exit 1');
    await refusal();
    expect(readdirSync(tools.workplace)).toContain('downloads');
    tools.repair('g++');
    const wheel = path.join(tools.workplace, 'downloads/wheel/tensorflow_cpu-2.15.1-cp311.whl');
    writeFileSync(wheel, 'damaged');
    expect((await setup()).code).toBe(0);
    expect(tools.calls()).toEqual(['npm', 'npm', 'pip', 'g++', 'pip', 'g++']);
    expect(existsSync(tools.workplace)).toBe(false);
  });
});

describe.skipIf(!isSupported)('dualc setup native --check', () => {
  it('says that all is well', async () => {
    await setup();
    const { code, err } = await setup('--check');
    expect(code).toBe(0);
    expect(err).toMatch(/is as it was built \(11 files, 12\.3 KiB\), loads and computes\n$/);
  });

  it('says what is wrong', async () => {
    expect(await refusal('--check')).toBe(`there is no ${tools.build}: dualc setup native builds TensorFlow there`);
    await setup();
    fake.trial = { problem: 'it was ended by SIGSEGV', usesGpu: false };
    expect(await refusal('--check')).toBe(
      `${tools.build} is as it was built, and does not work: it was ended by SIGSEGV`,
    );
    writeFileSync(inBuild('addon/tfjs_binding.node'), 'BUILT\n');
    expect(await refusal('--check')).toContain(
      `\n  ${inBuild('addon/tfjs_binding.node')} is not what was built: its hash differs\ndualc setup native --remove, then`,
    );
    writeFileSync(inBuild('addon/tfjs_binding.node'), 'longer than before');
    expect(await refusal('--check')).toBe(
      `${inBuild('addon/tfjs_binding.node')} has 18 bytes in place of 6: dualc setup native builds it again`,
    );
    writeFileSync(inBuild('manifest.json'), '{}');
    expect(await refusal('--check')).toContain(
      'manifest.json is missing or damaged: dualc setup native builds it again',
    );
  });
});

describe.skipIf(!isSupported)('dualc setup native --remove', () => {
  it('removes the build and what an unfinished setup left, and says what is free again', async () => {
    await setup();
    const { code, err } = await setup('--remove');
    expect(code).toBe(0);
    expect(err).toMatch(/^removed .*4\.22\.0-cpu: 1\d(\.\d)? KiB are free again\n$/);
    tools.tool('g++', 'exit 1');
    await refusal();
    expect((await setup('--remove')).err).toMatch(/^removed .*4\.22\.0-cpu\.part: .* are free again\n$/);
    expect(existsSync(tools.workplace)).toBe(false);
    expect(await setup('--remove')).toMatchObject({
      code: 0,
      err: `there is nothing to remove: ${tools.build} does not exist\n`,
    });
  });
});

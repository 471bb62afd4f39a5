import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendInfo } from '../../../runtime/backend/load-first.ts';
import { loadNative } from '../../../runtime/backend/native-backend.ts';
import { writeManifest } from '../../../runtime/native/manifest.ts';
import { dualcProcess } from '../../support/dualc-process.ts';

let cache: string;
let build: string;
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'dualc-cache-'));
  build = path.join(cache, 'dualc/native/4.22.0-cpu');
  vi.stubEnv('XDG_CACHE_HOME', cache);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

const isInstalled = ((): boolean => {
  try {
    return createRequire(import.meta.url).resolve('@tensorflow/tfjs-node') !== '';
  } catch {
    return false;
  }
})();

describe.skipIf(isInstalled || process.platform !== 'linux' || process.arch !== 'x64')('loadNative', () => {
  // As a process: where the tests run, another loader resolves packages.
  it('names the command that builds what is not installed', async () => {
    const { out } = await dualcProcess(cache, ['doctor', '--json', '--no-measure']);
    const { backend } = JSON.parse(out) as { backend: BackendInfo };
    const problem = '@tensorflow/tfjs-node is not installed: dualc setup native builds it';
    expect(backend.passedOver).toContainEqual({ name: 'native', problem });
  });

  it('says what is wrong with what was built', async () => {
    mkdirSync(path.join(build, 'addon'), { recursive: true });
    writeFileSync(path.join(build, 'addon/tfjs_binding.node'), 'no addon');
    const damaged = `${path.join(build, 'manifest.json')} is missing or damaged: dualc setup native builds it again`;
    expect(await loadNative('native')).toEqual({ problem: damaged });
    await writeManifest(build, 'cpu');
    expect(await loadNative('native')).toEqual({
      problem: expect.stringMatching(
        /^what dualc setup native built does not load: .*tfjs_binding\.node: file too short$/,
      ),
    });
  });
});

import { createRequire } from 'node:module';
import os from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cudaDriverAnswers } from '../../../runtime/native/cuda-driver.ts';
import { canBeBuilt, nativeFolder, setupCommandOf } from '../../../runtime/native/native-build.ts';
import { nativeThreads, prepareForTensorFlow } from '../../../runtime/native/native-variables.ts';

afterEach(() => vi.unstubAllEnvs());

describe('nativeThreads', () => {
  it('is what the variable of TensorFlow says, as TensorFlow reads it', () => {
    const cores = { count: os.availableParallelism(), isChosen: false };
    expect(nativeThreads({ TF_NUM_INTRAOP_THREADS: '3' })).toEqual({ count: 3, isChosen: true });
    expect(nativeThreads({ TF_NUM_INTRAOP_THREADS: ' 12 ' })).toEqual({ count: 12, isChosen: true });
    for (const text of ['', '0', 'two', '2.5', undefined])
      expect(nativeThreads({ TF_NUM_INTRAOP_THREADS: text })).toEqual(cores);
  });
});

describe('prepareForTensorFlow', () => {
  it('switches TF32 off whatever was set, and keeps the level of messages that was chosen', () => {
    vi.stubEnv('NVIDIA_TF32_OVERRIDE', '1');
    vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', '0');
    prepareForTensorFlow();
    expect([process.env.NVIDIA_TF32_OVERRIDE, process.env.TF_CPP_MIN_LOG_LEVEL]).toEqual(['0', '0']);
    vi.stubEnv('TF_CPP_MIN_LOG_LEVEL', undefined);
    prepareForTensorFlow();
    expect(process.env.TF_CPP_MIN_LOG_LEVEL).toBe('3');
  });

  it('gives the kernels the two checks that Node lost or warns of', () => {
    const warned = vi.spyOn(process, 'emitWarning');
    prepareForTensorFlow();
    const util = createRequire(import.meta.url)('node:util') as Record<string, (value: unknown) => boolean>;
    expect([null, undefined, 0, ''].map(value => util.isNullOrUndefined!(value))).toEqual([true, true, false, false]);
    expect([[], {}, 'a'].map(value => util.isArray!(value))).toEqual([true, false, false]);
    expect(warned).not.toHaveBeenCalled();
  });
});

describe('where a build lies', () => {
  it("is in the user's cache, by version and variant", () => {
    expect(nativeFolder('cpu', { XDG_CACHE_HOME: '/cache' })).toBe('/cache/dualc/native/4.22.0-cpu');
    expect(nativeFolder('gpu', { HOME: '/home/me' })).toBe('/home/me/.cache/dualc/native/4.22.0-gpu');
    expect([setupCommandOf('cpu'), setupCommandOf('gpu')]).toEqual(['dualc setup native', 'dualc setup native --gpu']);
  });

  it('is asked for on Linux with x64 alone', () => {
    expect([canBeBuilt('linux', 'x64'), canBeBuilt('linux', 'arm64'), canBeBuilt('win32', 'x64')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('cudaDriverAnswers', () => {
  it('is not known on other systems, and asks the same twice', () => {
    expect(cudaDriverAnswers('win32')).toBe(true);
    expect(cudaDriverAnswers()).toBe(cudaDriverAnswers());
  });
});

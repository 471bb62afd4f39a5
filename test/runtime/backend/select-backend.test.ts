import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadProblem } from '../../../runtime/backend/native-backend.ts';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';

afterEach(() => vi.unstubAllEnvs());

const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code });

describe('selectBackend', () => {
  it('takes the fastest that loads, and says what it passed over', async () => {
    vi.stubEnv('DUALC_BACKEND', '');
    const backend = await selectBackend();
    expect(backend.passedOver.map(other => other.name)).not.toContain('wasm');
    expect(['native-gpu', 'native', 'webgpu', 'wasm']).toContain(backend.name);
    for (const { problem } of backend.passedOver) expect(backend.reason).toContain(problem);
    expect(backend.reason).not.toContain('\n');
    expect(backend.threads).toBeGreaterThanOrEqual(1);
  });

  it('takes the one that the option asks for, before the variable', async () => {
    vi.stubEnv('DUALC_BACKEND', 'wasm');
    const cpu = await selectBackend({ prefer: 'cpu' });
    expect(cpu).toMatchObject({ name: 'cpu', threads: 1, simd: false });
    expect(cpu.reason).toContain('(selectBackend asks for it)');
    const { reason } = await selectBackend({ prefer: 'cpu', source: 'run/run.json' });
    expect(reason).toContain('(run/run.json asks for it)');
    expect(tf.getBackend()).toBe('cpu');
    const wasm = await selectBackend();
    expect(wasm).toMatchObject({ name: 'wasm', simd: true });
    expect(wasm.reason).toMatch(/^WebAssembly with SIMD, 1 thread \(DUALC_BACKEND asks for it\)$/);
    expect(tf.getBackend()).toBe('wasm');
  });

  it('computes on WebAssembly from the files of the installed package', async () => {
    await selectBackend({ prefer: 'wasm' });
    expect([...tf.matMul(tf.tensor2d([1, 2], [1, 2]), tf.tensor2d([3, 4], [2, 1])).dataSync()]).toEqual([11]);
  });

  it('refuses names that it does not know, and says which there are', async () => {
    await expect(selectBackend({ prefer: 'webgl' })).rejects.toThrow(
      new InputError("selectBackend: there is no backend 'webgl'; there are native-gpu, native, webgpu, wasm, cpu"),
    );
    vi.stubEnv('DUALC_BACKEND', 'gpu');
    await expect(selectBackend()).rejects.toBeInstanceOf(InputError);
  });

  it('does not fall back when the one that was asked for does not load', async () => {
    const outcome: unknown = await selectBackend({ prefer: 'native-gpu' }).catch((error: unknown) => error);
    if (!(outcome instanceof Error)) return expect(outcome).toMatchObject({ name: 'native-gpu' });
    expect(outcome).toBeInstanceOf(EnvironmentError);
    expect(outcome.message).toMatch(/^selectBackend asks for native-gpu: @tensorflow\/tfjs-node-gpu /);
  });
});

describe('why a native package does not load', () => {
  const specifier = '@tensorflow/tfjs-node';
  const why = (error: Error): string => loadProblem(error, specifier, 'dualc setup native');

  it('tells a package that is not installed', () => {
    const error = withCode('ERR_MODULE_NOT_FOUND', `Cannot find package '${specifier}' imported from /a/b.js`);
    expect(why(error)).toBe('@tensorflow/tfjs-node is not installed: dualc setup native builds it');
    expect(loadProblem(error, specifier, null)).toBe('@tensorflow/tfjs-node is not installed');
  });

  it('tells one whose addon was not built', () => {
    const error = new Error(
      'The Node.js native addon module (tfjs_binding.node) can not be found at path: /a/b.node. \nPlease',
    );
    const start = '@tensorflow/tfjs-node is installed without its addon';
    expect(why(error)).toBe(`${start}: dualc setup native builds one`);
    expect(loadProblem(error, specifier, null)).toBe(
      `${start}: npm rebuild @tensorflow/tfjs-node --build-addon-from-source`,
    );
  });

  it('gives the first line of anything else, as of a part that is missing', () => {
    const library = withCode('ERR_DLOPEN_FAILED', 'libtensorflow.so.2: cannot open shared object file\nmore');
    expect(why(library)).toBe(
      '@tensorflow/tfjs-node does not load: libtensorflow.so.2: cannot open shared object file',
    );
    const part = withCode('MODULE_NOT_FOUND', "Cannot find module '@mapbox/node-pre-gyp'");
    expect(why(part)).toContain("does not load: Cannot find module '@mapbox/node-pre-gyp'");
  });
});

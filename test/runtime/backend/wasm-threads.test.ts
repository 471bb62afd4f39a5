import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { usualWasmThreads, wasmThreadsAsked } from '../../../runtime/backend/wasm-thread-count.ts';
import { mostWasmThreads } from '../../../runtime/backend/wasm-threads.ts';
import { InputError } from '../../../runtime/errors.ts';
import { mostWorkers } from '../../../runtime/workers/worker-count.ts';

describe('wasmThreadsAsked', () => {
  it('is one without the variable, else what it says', () => {
    expect(wasmThreadsAsked({})).toBe(1);
    expect(wasmThreadsAsked({ DUALC_WASM_THREADS: '' })).toBe(1);
    expect(wasmThreadsAsked({ DUALC_WASM_THREADS: ' 3 ' })).toBe(3);
    expect(wasmThreadsAsked({ DUALC_WASM_THREADS: 'auto' })).toBe('auto');
    expect(usualWasmThreads()).toBeLessThanOrEqual(mostWasmThreads);
  });

  it.each(['0', '9', '-1', '1.5', 'many', '1e1'])('refuses %s', text => {
    expect(() => wasmThreadsAsked({ DUALC_WASM_THREADS: text })).toThrow(InputError);
    expect(() => wasmThreadsAsked({ DUALC_WASM_THREADS: text })).toThrow('auto or a whole number from 1 to 8');
  });

  it('leaves cores to fewer workers', () => {
    const before = process.env.DUALC_WASM_THREADS;
    process.env.DUALC_WASM_THREADS = String(Math.min(mostWasmThreads, os.availableParallelism()));
    try {
      expect(mostWorkers(2 ** 40)).toBe(Math.max(1, Math.floor(os.availableParallelism() / mostWasmThreads)));
    } finally {
      process.env.DUALC_WASM_THREADS = before ?? '';
    }
  });
});

/** What a process of its own prints last: threads are of the process that loads the backend first. Needs `npm run build`. */
function inProcess(threads: string, code: string): { readonly said: string; readonly status: number | null } {
  const program = `
    import * as tf from '@tensorflow/tfjs-core';
    import * as runtime from './dist/runtime/node.js';
    import { restartWasm } from './dist/runtime/backend/start-wasm.js';
    import { requireSoundBackend } from './dist/runtime/backend/self-test.js';
    ${code}`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...process.env, DUALC_BACKEND: 'wasm', DUALC_WASM_THREADS: threads },
    timeout: 60_000,
  });
  return { said: status === 0 ? stdout.trim() : stderr, status };
}

/** Bits of products, convolutions, sums and copies of a size that several threads share. */
const fingerprint = `
  const { createHash } = await import('node:crypto');
  const bits = () => {
    const hash = createHash('sha256');
    const x = tf.randomNormal([16, 15, 13, 8], 0, 1, 'float32', 7);
    const w = tf.randomNormal([3, 4, 8, 24], 0, 1, 'float32', 8);
    const y = tf.conv2d(x, w, [2, 1], 'same');
    const rows = tf.reshape(y, [16, -1]);
    for (const t of [y, tf.matMul(rows, rows, false, true), tf.mul(y, y), tf.sum(rows, 1), tf.gather(rows, [3, 1])])
      hash.update(Buffer.from(t.dataSync().buffer));
    return hash.digest('hex');
  };`;

describe('WebAssembly on several threads', () => {
  it('computes the bits of one thread, passes the self-test, and lets the process end', () => {
    const code = `${fingerprint}
      const { threads, reason } = await runtime.selectBackend();
      await requireSoundBackend();
      console.log(JSON.stringify({ threads, reason, bits: bits() }));`;
    const [one, three] = ['1', '3'].map(threads => JSON.parse(inProcess(threads, code).said)) as [
      { threads: number; reason: string; bits: string },
      { threads: number; reason: string; bits: string },
    ];
    expect(one.threads).toBe(1);
    expect(three).toMatchObject({ threads: 3, bits: one.bits });
    expect(three.reason).toContain('WebAssembly with SIMD, 3 threads');
  });

  it('starts again after a breakdown, with as many threads, and leaves the world as it was', () => {
    const code = `${fingerprint}
      const os = (await import('node:os')).default;
      const processors = os.cpus().length;
      await runtime.selectBackend();
      const before = bits();
      await restartWasm();
      const wasm = await import('@tensorflow/tfjs-backend-wasm');
      const after = bits();
      console.log(JSON.stringify([wasm.getThreadsCount(), before === after, os.cpus().length === processors, 'Worker' in globalThis]));`;
    expect(JSON.parse(inProcess('2', code).said)).toEqual([2, true, true, 'Worker' in globalThis]);
  });

  it('measures what threads are worth when it is left to it, and says so', () => {
    const code = `
      const { threads, reason } = await runtime.selectBackend();
      console.log(JSON.stringify({ threads, reason, sum: tf.sum(tf.ones([1000])).dataSync()[0] }));`;
    const { threads, reason, sum } = JSON.parse(inProcess('auto', code).said) as {
      threads: number;
      reason: string;
      sum: number;
    };
    expect(sum).toBe(1000);
    if (os.availableParallelism() === 1) expect(threads).toBe(1);
    else {
      expect([1, usualWasmThreads()]).toContain(threads);
      expect(reason).toMatch(/on which \d threads are \d+\.\d times as fast as one, \d thread/);
    }
  });

  it('refuses a variable that says neither', () => {
    const { said, status } = inProcess('some', 'await runtime.selectBackend();');
    expect(status).toBe(1);
    expect(said).toContain('DUALC_WASM_THREADS is "some"');
  });
});

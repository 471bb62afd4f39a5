import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { selectBackend } from '../../../runtime/backend/select-portable-backend.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';

describe('selectBackend where there may be no Node', () => {
  it('takes plain JavaScript when it is asked for', async () => {
    expect(await selectBackend({ prefer: 'cpu' })).toMatchObject({
      name: 'cpu',
      threads: 1,
      simd: false,
      passedOver: [],
    });
    expect(tf.getBackend()).toBe('cpu');
  });

  it('does not have what needs Node', async () => {
    const failure = selectBackend({ prefer: 'native' });
    await expect(failure).rejects.toThrow(EnvironmentError);
    await expect(failure).rejects.toThrow(
      'selectBackend asks for native: it needs Node, and a program that imports dualc/runtime/node',
    );
  });

  it.each([3, { 'tfjs-backend-wasm.wasm': 3 }, ''])('refuses paths that are none: %j', async wasmPaths => {
    const given = { wasmPaths } as unknown as { wasmPaths: string };
    await expect(selectBackend(given)).rejects.toThrow(/wasmPaths/);
  });
});

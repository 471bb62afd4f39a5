import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, requireSoundBackend, selfTest } from '../../../runtime/backend/self-test.ts';
import { selfTestValues } from '../../../runtime/backend/self-test-values.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';
import { computeSelfTestValues } from '../../support/self-test-values.ts';

type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;

/** Puts another kernel in the place of the cpu backend's. */
function replaceKernel(name: string, change: (original: Kernel) => Kernel['kernelFunc'] | null): () => void {
  const original = tf.getKernel(name, 'cpu')!;
  tf.unregisterKernel(name, 'cpu');
  const changed = change(original);
  if (changed !== null) tf.registerKernel({ ...original, kernelFunc: changed });
  return () => {
    if (changed !== null) tf.unregisterKernel(name, 'cpu');
    tf.registerKernel(original);
  };
}

describe('the self-test of the backend', () => {
  it('expects what the interpreter computes; npm run self-test-values writes it anew', () => {
    expect(selfTestValues).toEqual(computeSelfTestValues());
  });

  it.each(testedBackends)('passes on %s and leaves nothing behind', async backend => {
    await useBackend(backend);
    const before = tf.memory().numTensors;
    const report = await selfTest();
    expect(report.results.filter(result => !result.passed)).toEqual([]);
    expect(report).toMatchObject({ backend, passed: true });
    expect(report.results.length).toBe(Object.keys(selfTestValues).length);
    expect(tf.memory().numTensors).toBe(before);
    await requireSoundBackend();
  });

  it('takes a NaN, a missing entry and a wrong count for an error', () => {
    expect(errorOf([1, 2.5], [1, 2])).toBe(0.25);
    expect(errorOf([1, 1], [1])).toBe(0);
    expect(errorOf([Number.NaN, 2], [1, 2])).toBeNaN();
    expect(errorOf([1], [1, 2])).toBeNaN();
    expect(errorOf([1], [])).toBeNaN();
  });
});

describe('a backend that is not sound', () => {
  let restore = (): void => undefined;
  beforeAll(() => useBackend('cpu'));
  afterEach(() => restore());

  const failures = async (): Promise<string[]> =>
    (await selfTest()).results.filter(result => !result.passed).map(result => result.name);

  it('is found out by a convolution that ignores its left padding', async () => {
    restore = replaceKernel('Conv2D', original => args => {
      const pad = args.attrs?.pad as [number, number][];
      const shifted = pad.map(([before, after], axis) => (axis === 2 ? [0, before + after] : [before, after]));
      return original.kernelFunc({ ...args, attrs: { ...args.attrs, pad: shifted } });
    });
    expect(await failures()).toEqual(['convolution, uneven padding', 'transposed convolution', 'gradient of a kernel']);
  });

  it('is found out by a kernel that is missing', async () => {
    restore = replaceKernel('Sub', () => null);
    const report = await selfTest();
    const failed = report.results.find(result => !result.passed);
    expect(failed).toMatchObject({ name: 'subtraction, one operand repeated', largestError: null });
    expect(failed?.problem).toContain("Kernel 'Sub' not registered for backend 'cpu'");
  });

  it('is found out by products with 10 bits of mantissa, and refused', async () => {
    const shortened = (x: tf.TensorInfo): tf.TensorInfo => {
      const values = Float32Array.from(tf.engine().readSync(x.dataId) as Float32Array);
      const words = new Int32Array(values.buffer);
      for (const [i, word] of words.entries()) words[i] = word & ~0x1fff;
      return tf.tensor(values, x.shape);
    };
    const product = tf.getKernel('BatchMatMul', 'cpu')!;
    const inTf32 =
      (original: Kernel): Kernel['kernelFunc'] =>
      args =>
        original.kernelFunc({
          ...args,
          inputs: Object.fromEntries(
            Object.entries(args.inputs).map(([name, x]) => [name, shortened(x as tf.TensorInfo)]),
          ),
        });
    restore = replaceKernel(product.kernelName, inTf32);
    expect(await failures()).toEqual(['matrix product in full precision']);
  });
});

describe('requireSoundBackend', () => {
  it('names what failed and what to do', async () => {
    await useBackend('cpu');
    // A backend without kernels.
    const { backend } = tf.engine();
    tf.registerBackend('empty', () => backend);
    await tf.setBackend('empty');
    try {
      const refused = requireSoundBackend();
      await expect(refused).rejects.toBeInstanceOf(EnvironmentError);
      await expect(refused).rejects.toThrow(/^the backend empty computes wrong values/);
      await expect(refused).rejects.toThrow("convolution, kernel not square: Kernel 'Conv2D' not registered");
      await expect(refused).rejects.toThrow('choose another one with --backend');
    } finally {
      await useBackend('cpu');
    }
  });
});

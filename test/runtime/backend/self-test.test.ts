import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { probes } from '../../../runtime/backend/arithmetic/probe-list.ts';
import { requireSoundBackend, runProbes, type SelfTestReport, selfTest } from '../../../runtime/backend/self-test.ts';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { importsBehind } from '../../support/imports-behind.ts';
import { tf32 } from '../../support/number-formats.ts';
import { onWebgpu, type TestedBackend, testedBackends, useBackend } from '../../support/run-on-backend.ts';

type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;

/** Puts another kernel in the place of the current backend's. */
function replaceKernel(name: string, change: (original: Kernel) => Kernel['kernelFunc'] | null): () => void {
  const backend = tf.getBackend();
  const original = tf.getKernel(name, backend)!;
  tf.unregisterKernel(name, backend);
  const changed = change(original);
  if (changed !== null) tf.registerKernel({ ...original, kernelFunc: changed });
  return () => {
    if (changed !== null) tf.unregisterKernel(name, backend);
    tf.registerKernel(original);
  };
}

/** As docs/backend-arithmetic.md has them. */
const differences: Readonly<Record<TestedBackend, Readonly<Record<string, string>>>> = {
  cpu: {
    'products in matMul': 'added in more than 24 bits',
    'results below 2⁻¹²⁶': 'kept',
    'maximum(2, NaN)': 'NaN',
    'sign(x) is ±1 down to |x| =': '2^−149',
  },
  wasm: {
    'products in matMul': 'rounded, then added',
    'results below 2⁻¹²⁶': 'kept',
    'maximum(2, NaN)': '2',
    'sign(x) is ±1 down to |x| =': '2^−23',
  },
  native: {
    'products in matMul': 'fused with the sum',
    'results below 2⁻¹²⁶': 'zero',
    'maximum(2, NaN)': 'NaN',
    'sign(x) is ±1 down to |x| =': '2^−126',
  },
  // Much of it is the driver's own.
  webgpu: { 'maximum(2, NaN)': 'NaN', 'relu(NaN)': 'NaN' },
};

const findingOf = (report: SelfTestReport, name: string): string | undefined =>
  report.findings.find(finding => finding.name === name)?.value;

describe('the self-test of the backend', () => {
  it.each(testedBackends)('passes on %s and leaves nothing behind', async backend => {
    await useBackend(backend);
    const before = tf.memory().numTensors;
    const report = await selfTest();
    expect(report.results.filter(result => !result.passed)).toEqual([]);
    expect(report).toMatchObject({ backend: tf.getBackend(), passed: true });
    expect(report.results.map(({ name }) => name)).toEqual(probes.map(({ name }) => name));
    expect(tf.memory().numTensors).toBe(before);
    await requireSoundBackend();
  });

  it.each(testedBackends)('finds what no certificate depends on: %s is told from the others', async backend => {
    await useBackend(backend);
    const report = await selfTest();
    for (const [name, value] of Object.entries(differences[backend]))
      expect(`${name}: ${findingOf(report, name)}`).toBe(`${name}: ${value}`);
  });

  it('runs where there is no Node', () => {
    expect(importsBehind('runtime/backend/self-test.ts').packages).toEqual(['@tensorflow/tfjs-core']);
  });

  it('tests everything, whatever a caller hands it', async () => {
    await useBackend('cpu');
    const called: (...args: unknown[]) => Promise<SelfTestReport> = selfTest;
    const report = await called(undefined, []);
    expect(report.results.map(({ name }) => name)).toEqual(probes.map(({ name }) => name));
    expect((await called('x')).passed).toBe(true);
  });

  it('waits for a backend that has its values later', async () => {
    await useBackend('cpu');
    const { tensorCompute } = await import('../../../runtime/backend/arithmetic/tensor-compute.ts');
    let waiting = 0;
    const report = await runProbes(async (op, ...operands) => {
      waiting++;
      await new Promise(resolve => setImmediate(resolve));
      return tensorCompute(op, ...operands);
    }, probes);
    expect(waiting).toBeGreaterThan(probes.length);
    expect(report.passed).toBe(true);
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
    expect(await failures()).toEqual(
      expect.arrayContaining(['convolution, uneven padding', 'transposed convolution', 'gradient of a kernel']),
    );
  });

  it('is found out by a convolution that mixes up the strides of rows and columns, or the sides of a kernel', async () => {
    restore = replaceKernel('Conv2D', original => args => {
      const strides = args.attrs?.strides as [number, number];
      return original.kernelFunc({ ...args, attrs: { ...args.attrs, strides: [strides[1], strides[0]] } });
    });
    expect(await failures()).toContain('convolution, uneven padding');
    restore();
    restore = replaceKernel('Conv2D', original => args => {
      const filter = args.inputs.filter as tf.Tensor;
      const turned = tf.transpose(filter, [1, 0, 2, 3]);
      return original.kernelFunc({ ...args, inputs: { ...args.inputs, filter: turned } });
    });
    expect(await failures()).toEqual(
      expect.arrayContaining(['convolution, kernel not square', 'convolution, kernel of one column']),
    );
  });

  it('is found out by a stride that stops at the size of the kernel', async () => {
    restore = replaceKernel('Conv2D', original => args => {
      const [height, width] = (args.inputs.filter as tf.Tensor).shape as [number, number];
      const { strides: given } = args.attrs as unknown as { strides: [number, number] };
      const strides = [Math.min(given[0], height), Math.min(given[1], width)];
      return original.kernelFunc({ ...args, attrs: { ...args.attrs, strides } });
    });
    expect(await failures()).toContain('convolution, stride beyond the kernel');
  });

  it('is found out by an operand repeated along the wrong axis, and by labels one too high', async () => {
    restore = replaceKernel('Sub', original => args => {
      const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor };
      if (b.shape.length !== 1 || a.shape.length !== 2) return original.kernelFunc(args);
      const [rows, columns] = a.shape as [number, number];
      const spread = tf.transpose(tf.reshape(tf.tile(b, [rows]), [columns, rows]));
      return original.kernelFunc({ ...args, inputs: { a, b: spread } });
    });
    expect(await failures()).toContain('subtraction, one operand repeated');
    restore();
    restore = replaceKernel('OneHot', original => args => {
      const indices = tf.add(args.inputs.indices as tf.Tensor, tf.scalar(1, 'int32'));
      return original.kernelFunc({ ...args, inputs: { indices } });
    });
    expect(await failures()).toEqual(['labels as rows of 0 and 1']);
  });

  it('is found out by a kernel that is missing', async () => {
    restore = replaceKernel('Sub', () => null);
    const report = await selfTest();
    const failed = report.results.find(result => !result.passed);
    expect(failed).toMatchObject({ name: 'subtraction, one operand repeated', share: null });
    expect(failed?.problem).toContain(`Kernel 'Sub' not registered for backend '${tf.getBackend()}'`);
  });

  // What stands in the place of a kernel reads its operands at once.
  it.skipIf(onWebgpu)('is found out by products in TF32, and told what to do', async () => {
    const shortened = (x: tf.TensorInfo): tf.TensorInfo =>
      tf.tensor((tf.engine().readSync(x.dataId) as Float32Array).map(tf32), x.shape);
    restore = replaceKernel('BatchMatMul', original => args => {
      const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor };
      return original.kernelFunc({ ...args, inputs: { a: shortened(a), b: shortened(b) } });
    });
    const report = await selfTest();
    const factors = report.results.find(({ name }) => name === 'factors in full precision');
    expect(factors?.problem).toMatch(
      /^matMul \[32, 4\] · \[4, 32\], entry 0: 4 in place of 4\.00390625, 3270 times the allowed error/,
    );
    expect(factors?.remedy).toContain('NVIDIA_TF32_OVERRIDE=0');
  });
});

describe('requireSoundBackend', () => {
  it('names what failed, what was assumed, and what to do', async () => {
    await useBackend('cpu');
    // A backend without kernels.
    const { backend } = tf.engine();
    tf.registerBackend('empty', () => backend);
    await tf.setBackend('empty');
    try {
      const refused = requireSoundBackend();
      await expect(refused).rejects.toBeInstanceOf(EnvironmentError);
      await expect(refused).rejects.toThrow(/^the backend empty does not compute as a certificate assumes/);
      await expect(refused).rejects.toThrow("convolution, kernel not square: Kernel 'Conv2D' not registered");
      await expect(refused).rejects.toThrow('assumed: every entry is the sum of just the products that it should be');
      await expect(refused).rejects.toThrow('choose another one (on the command line: --backend');
    } finally {
      await useBackend('cpu');
    }
  });
});

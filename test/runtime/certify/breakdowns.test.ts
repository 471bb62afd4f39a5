/** What becomes of a run in which the WebAssembly backend traps or runs out of memory. The breakdowns are real, the reasons are not. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { searchThroughCertificates } from '../../../runtime/attack/attack-cascade.ts';
import { attackExamples } from '../../../runtime/attack/attack-examples.ts';
import type { Search } from '../../../runtime/attack/attack-options.ts';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { restartWasm } from '../../../runtime/backend/start-wasm.ts';
import { OutOfWasmMemory } from '../../../runtime/backend/wasm-memory.ts';
import { certifyCascade, type Stages } from '../../../runtime/cascade/certify-cascade.ts';
import { certify } from '../../../runtime/certify/certify.ts';
import type { RobustModel } from '../../../runtime/contract.ts';
import { magnitudes } from '../../../runtime/ops/of-parameters.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { certificationReport, certificationTable } from '../../../runtime/report/certification-report.ts';
import { toyData, toyModel, toyParams } from '../../support/toy-model.ts';

const data = toyData(40, 6);
const model = toyModel();

/** `(module (func (export "f") unreachable))` */
const trapping = [
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11,
];
const WebAssembly = Reflect.get(globalThis, 'WebAssembly') as {
  Module: new (code: Uint8Array) => object;
  Instance: new (module: object) => { exports: { f(): void } };
};
interface Emscripten {
  readonly HEAP32: Int32Array;
  readonly asm: { malloc(bytes: number): number };
  _malloc(bytes: number): number;
  ___errno_location(): number;
}
const emscripten = (): Emscripten => Reflect.get(tf.backend(), 'wasm') as Emscripten;
const breakdowns = {
  'a trap': () => new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(trapping))).exports.f(),
  'no memory for a tensor': () => void tf.fill([2 ** 30 - 2 ** 14], 1),
  'a tensor of more than 4 GiB': () => void tf.fill([2 ** 30 + 1], 1),
  // Products of nothing: XNNPACK refuses, and TensorFlow.js goes on.
  'an operation that fails': () => void tf.matMul(tf.zeros([3, 0]), tf.zeros([0, 2])).dataSync(),
  'no scratch memory in an operation': () => {
    const { HEAP32, ___errno_location: errno } = emscripten();
    HEAP32[errno() >> 2] = 48;
    tf.scalar(1).dataSync();
  },
};

/** The toy model, whose backend breaks down in certificates and in attacks when `fails` says so of the first value of its examples. */
function fragile(breakDown: () => void, fails: (firstValues: readonly number[]) => boolean): RobustModel {
  const check = (x: tf.Tensor): void => {
    const values = x.dataSync();
    const first = Array.from({ length: x.shape[0] ?? 0 }, (_, row) => values[6 * row]!);
    if (fails(first)) tf.tidy(() => [tf.zeros([3]), breakDown()] as unknown as tf.Tensor[]);
  };
  return {
    ...model,
    async certificate(params, x, epsilon, options) {
      tf.tidy(() => void magnitudes(params['dense1.weight']!, 0));
      check(x);
      return model.certificate(params, x, epsilon, options);
    },
    inputGradient(params, x, labels) {
      check(x);
      return model.inputGradient(params, x, labels);
    },
  };
}

beforeEach(async () => {
  await selectBackend({ prefer: 'wasm' });
  await restartWasm();
});

describe.each(Object.entries(breakdowns))('%s', (_, breakDown) => {
  it('ends one batch of a certification, which goes on with smaller ones and the same parameters', async () => {
    const params = toyParams(2);
    const expected = await certify(model, params, data, { epsilon: 0.02, batch: 16 });
    const before = tf.memory().numTensors;
    const sizes: number[] = [];
    const result = await certify(
      fragile(breakDown, rows => rows.length > 5),
      params,
      data,
      { epsilon: 0.02, batch: 16, onBatch: done => void sizes.push(done) },
    );
    expect({ ...result, secondsPerExample: 0 }).toEqual({ ...expected, secondsPerExample: 0 });
    expect(result.notComputed).toEqual([]);
    expect(sizes).toEqual([4, 8, 12, 16, 20, 24, 28, 32, 36, 40]);
    expect(tf.memory().numTensors).toBe(before);
    expect(params['dense1.bias']!.dataSync()).toEqual(toyParams(2)['dense1.bias']!.dataSync());
  });

  it('gives up an example in which it happens each time, and says so', async () => {
    const options = { epsilon: 0.001, batch: 16, keepBounds: true };
    const expected = await certify(model, toyParams(2), data, options);
    const lost = expected.certified.indexOf(true, 3);
    const broken = fragile(breakDown, rows => rows.includes(data.values[6 * lost]!));
    const result = await certify(broken, toyParams(2), data, options);
    expect(result.notComputed).toEqual([lost]);
    expect(result.certified).toEqual(expected.certified.with(lost, false));
    expect(result.robust.count).toBe(expected.robust.count + 1);
    expect(result.misclassified).toEqual(expected.misclassified);
    expect([...result.margins.subarray(3 * lost, 3 * lost + 3)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(result.robustCrossEntropy).toBeGreaterThan(0);
    const facts = { meta: model.meta, result, attack: null, backend: 'wasm', threads: 1, workers: 1 };
    expect(certificationReport(facts).notComputed).toBe(1);
    expect(certificationTable(facts)).toContain(`1 example (number ${lost}): the backend broke down`);
  });

  it('in one stage of a cascade leaves the others as they were, certified and attacked', async () => {
    const asked = { epsilon: 0.02, batch: 16 } as const;
    const stagesOf = (model: RobustModel): Stages => ({ model, params: [toyParams(2), toyParams(3), toyParams(4)] });
    const expected = await certifyCascade(stagesOf(model), data, asked);
    const broken = stagesOf(fragile(breakDown, rows => rows.length > 5));
    const result = await certifyCascade(broken, data, asked);
    expect({ ...result, secondsPerExample: 0 }).toEqual({ ...expected, secondsPerExample: 0 });
    const search: Search = {
      norm: 'linf',
      epsilon: 0.02,
      box: [0, 1],
      steps: 4,
      stepSize: 0.01,
      restarts: 1,
      key: keyFrom(1),
    };
    const attack = (stages: Stages) =>
      searchThroughCertificates(stages, expected.cascade, data, { search, batch: 16, first: 0 }, () => {});
    expect(await attack(broken)).toEqual(await attack(stagesOf(model)));
    const bad = data.values[6 * 7]!;
    expect((await attack(stagesOf(fragile(breakDown, rows => rows.includes(bad))))).notComputed).toEqual([7]);
  });

  it('ends one batch of an attack', async () => {
    const bad = data.values[6 * 7]!;
    const options = {
      ...model.meta.ball,
      epsilon: 0.05,
      steps: 3,
      stepSize: 0.02,
      restarts: 1,
      key: keyFrom(1),
      batch: 16,
    };
    const expected = await attackExamples(model, toyParams(2), data, options);
    const smaller = await attackExamples(
      fragile(breakDown, rows => rows.length > 9),
      toyParams(2),
      data,
      options,
    );
    expect(smaller).toEqual(expected);
    const given = await attackExamples(
      fragile(breakDown, rows => rows.includes(bad)),
      toyParams(2),
      data,
      options,
    );
    expect(given.notComputed).toEqual([7]);
    expect(given.broken).toEqual(expected.broken.with(7, false));
  });
});

describe('after a breakdown', () => {
  it('a tensor of before is an error to read and nothing to dispose', async () => {
    const lost = tf.tensor1d([1, 2]);
    await certify(
      fragile(breakdowns['a trap'], rows => rows.length > 20),
      toyParams(2),
      data,
      { epsilon: 0.02, batch: 40 },
    );
    expect(() => lost.dataSync()).toThrow(/was lost when the WebAssembly backend broke down/);
    expect(() => tf.add(lost, 1)).toThrow(/was lost/);
    lost.dispose();
    expect(tf.add(tf.tensor1d([1, 2]), 1).dataSync()).toEqual(Float32Array.of(2, 3));
  });

  it('lets other errors pass', async () => {
    const wrong = fragile(
      () => {
        throw new TypeError('a mistake');
      },
      () => true,
    );
    await expect(certify(wrong, toyParams(2), data, { epsilon: 0.02, batch: 40 })).rejects.toThrow(TypeError);
  });
});

describe('a backend that another program started', () => {
  it('is watched from the first certification on', async () => {
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
    await tf.setBackend('wasm');
    const params = toyParams(2);
    const expected = await certify(model, params, data, { epsilon: 0.02, batch: 16 });
    const broken = fragile(breakdowns['no memory for a tensor'], rows => rows.length > 5);
    const result = await certify(broken, params, data, { epsilon: 0.02, batch: 16 });
    expect({ ...result, secondsPerExample: 0 }).toEqual({ ...expected, secondsPerExample: 0 });
  });
});

describe('memory that runs out', () => {
  it('is an error at once, that says what to do', () => {
    expect(breakdowns['no memory for a tensor']).toThrow(OutOfWasmMemory);
    expect(breakdowns['a tensor of more than 4 GiB']).toThrow(/no memory left for a tensor of 4 GiB: .*--batch/);
  });

  it('is an error for a tensor that would reach beyond the end', () => {
    // Nobody writes to it, so it takes no real memory.
    expect(emscripten()._malloc(2 ** 32 - 2 ** 20)).toBeGreaterThan(0);
    expect(() => emscripten()._malloc(2 ** 29)).toThrow(OutOfWasmMemory);
  });

  it('lets no value be read that was computed after it', async () => {
    const before = tf.tensor1d([1, 2]);
    expect(before.dataSync()).toEqual(Float32Array.of(1, 2));
    // As an operation does, past what TensorFlow.js sees.
    expect(emscripten().asm.malloc(2 ** 32 - 2 ** 16)).toBe(0);
    expect(() => before.dataSync()).toThrow(/has no memory left: /);
    expect(() => before.dataSync()).toThrow(OutOfWasmMemory);
    await expect(before.data()).rejects.toThrow(OutOfWasmMemory);
  });
});

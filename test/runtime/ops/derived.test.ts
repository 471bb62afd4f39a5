import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { restartWasm } from '../../../runtime/backend/start-wasm.ts';
import { survivingTensors } from '../../../runtime/backend/surviving-tensors.ts';
import { OutOfWasmMemory } from '../../../runtime/backend/wasm-memory.ts';
import { derivedAll } from '../../../runtime/ops/derived.ts';
import { keepDerived } from '../../../runtime/ops/keep-derived.ts';
import { magnitudes, transposed } from '../../../runtime/ops/of-parameters.ts';
import { transposedConv2d } from '../../../runtime/ops/transposed-conv2d.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

const matrix = (): tf.Tensor2D => tf.tensor2d([1, -2, 3, -4, 5, -6], [2, 3]);

/** How many tensors a call leaves. */
function left(run: () => unknown): number {
  const before = tf.memory().numTensors;
  tf.tidy(() => void run());
  return tf.memory().numTensors - before;
}

describe.each(testedBackends)('what is made of parameters on %s', backend => {
  beforeAll(() => useBackend(backend));

  it('is made anew each time for others', () => {
    const w = matrix();
    let made = 0;
    const make = () => {
      made += 1;
      return [tf.abs(w)];
    };
    expect(left(() => [derivedAll(w, 'one', make), derivedAll(w, 'one', make)])).toBe(0);
    expect(made).toBe(2);
    w.dispose();
  });

  it('is made once while they are kept, and is gone afterwards', () => {
    const w = matrix();
    const before = tf.memory();
    const keeping = keepDerived({ w });
    let made = 0;
    const make = () => {
      made += 1;
      return [tf.abs(w), null, tf.neg(w)];
    };
    for (let call = 0; call < 3; call++)
      tf.tidy(() => {
        const [first, none, second] = derivedAll(w, 'one', make);
        expect([first!.arraySync(), none, second!.arraySync()]).toEqual([
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          null,
          [
            [-1, 2, -3],
            [4, -5, 6],
          ],
        ]);
        // A caller may free its own before the scope ends.
        tf.dispose([first!, second!]);
      });
    expect(made).toBe(1);
    expect(tf.memory().numTensors).toBe(before.numTensors + 2);
    keeping.dispose();
    keeping.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    w.dispose();
  });

  it('is told apart by what made it, and what is made of it is kept with it', () => {
    const w = matrix();
    const keeping = keepDerived({ w });
    const of = () =>
      tf.tidy(() => [magnitudes(w, 0), magnitudes(w, 1), transposed(magnitudes(w, 1), [1, 0])].map(x => x.arraySync()));
    const expected = [
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      [
        [2, 3, 4],
        [5, 6, 7],
      ],
      [
        [2, 5],
        [3, 6],
        [4, 7],
      ],
    ];
    expect(of()).toEqual(expected);
    expect(left(of)).toBe(0);
    expect(of()).toEqual(expected);
    keeping.dispose();
    expect(of()).toEqual(expected);
    w.dispose();
  });

  it('is told apart by the shape of what it is made of: that shares its data', () => {
    const w = matrix();
    const keeping = keepDerived({ w });
    tf.tidy(() => {
      const both = [w, tf.reshape(w, [3, 2])].map(x => transposed(x, [1, 0]));
      expect(both.map(x => [...x.dataSync()])).toEqual([
        [1, -4, -2, 5, 3, -6],
        [1, 3, 5, -2, -4, -6],
      ]);
    });
    keeping.dispose();
    w.dispose();
  });

  it('stays as long as one of several keeps it', () => {
    const w = matrix();
    const before = tf.memory().numTensors;
    const [one, other] = [keepDerived({ w }), keepDerived({ w })];
    expect(left(() => magnitudes(w, 0))).toBe(1);
    one.dispose();
    one.dispose();
    expect(left(() => magnitudes(w, 0))).toBe(0);
    other.dispose();
    expect(tf.memory().numTensors).toBe(before);
    w.dispose();
  });

  it('is not that of a variable before it was assigned', () => {
    const w = tf.variable(matrix());
    const keeping = keepDerived({ w });
    tf.tidy(() => {
      expect([...magnitudes(w, 0).dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
      w.assign(tf.tensor2d([7, 8, 9, 1, 1, 1], [2, 3]));
      expect([...magnitudes(w, 0).dataSync()]).toEqual([7, 8, 9, 1, 1, 1]);
    });
    keeping.dispose();
    w.dispose();
  });

  it('is not kept where it is the same data', () => {
    const w = tf.tensor2d([1, 2, 3], [1, 3]);
    const before = tf.memory().numTensors;
    const keeping = keepDerived({ w });
    tf.tidy(() => void derivedAll(w, 'view', () => [tf.reshape(w, [3, 1])]));
    keeping.dispose();
    expect([tf.memory().numTensors, w.arraySync()]).toEqual([before, [[1, 2, 3]]]);
    w.dispose();
  });

  it('gives a transposed convolution of several geometries each its own kernels', () => {
    const kernel = tf.tensor4d(
      Array.from({ length: 4 * 4 * 2 * 3 }, (_, i) => Math.sin(i)),
      [4, 4, 2, 3],
    );
    const y = tf.fill([1, 3, 3, 3], 0.5);
    const run = () =>
      tf.tidy(() =>
        [2, 1].map(stride => {
          const inputSize: [number, number] = stride === 2 ? [6, 6] : [4, 4];
          const result = transposedConv2d(y, kernel, { inputSize, strides: [stride, stride], padding: [1, 1, 1, 1] });
          return result.dataSync().slice();
        }),
      );
    const plain = run();
    const keeping = keepDerived({ kernel });
    expect([run(), run()]).toEqual([plain, plain]);
    keeping.dispose();
    tf.dispose([kernel, y]);
  });
});

describe('what is made of parameters on a backend that breaks down', () => {
  it('is made again on the fresh one, and counted as it is', async () => {
    await selectBackend({ prefer: 'wasm' });
    await restartWasm();
    const w = matrix();
    const before = tf.memory();
    const held = survivingTensors([w]);
    let keeping = keepDerived({ w });
    expect(await held.attempt(() => tf.tidy(() => void magnitudes(w, 0)))).toBeNull();
    keeping.settle();
    const broken = await held.attempt(() =>
      tf.tidy(() => {
        magnitudes(w, 1);
        throw new OutOfWasmMemory(null);
      }),
    );
    expect(broken).toBeInstanceOf(OutOfWasmMemory);
    keeping.forget();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    keeping = keepDerived({ w });
    tf.tidy(() => void expect([...magnitudes(w, 0).dataSync()]).toEqual([1, 2, 3, 4, 5, 6]));
    keeping.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors);
    w.dispose();
  });
});

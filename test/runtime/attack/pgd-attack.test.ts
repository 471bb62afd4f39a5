import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { attackExamples } from '../../../runtime/attack/attack-examples.ts';
import { defaultStepSize, type PgdOptions } from '../../../runtime/attack/attack-options.ts';
import { distance } from '../../../runtime/attack/ball.ts';
import { pgdAttack } from '../../../runtime/attack/pgd-attack.ts';
import { certify } from '../../../runtime/certify/certify.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { checkOrder } from '../../../runtime/report/check-order.ts';
import { toyData, toyModel, toyParams, useCpu } from '../../support/toy-model.ts';

const model = toyModel();
const options = (epsilon: number, change: Partial<PgdOptions> = {}) => ({
  norm: 'linf' as const,
  epsilon,
  box: [0, 1] as const,
  steps: 15,
  stepSize: defaultStepSize(epsilon, 15),
  restarts: 2,
  key: keyFrom(4),
  ...change,
});

beforeAll(useCpu);

describe('pgdAttack', () => {
  it('finds points in the ball that the network gets wrong, and only such', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1000),
        fc.constantFrom('linf', 'l2'),
        fc.constantFrom(0.05, 0.2, 0.5),
        async (seed, norm, epsilon) => {
          const params = toyParams(seed);
          const data = toyData(20, seed);
          const x = tf.tensor2d(data.values, [20, 6]);
          const result = await pgdAttack(
            model,
            params,
            x,
            tf.tensor1d(data.labels, 'int32'),
            options(epsilon, { norm }),
          );
          const answers = tf.argMax(model.forward(params, tf.tensor2d(result.points, [20, 6])), 1).dataSync();
          for (let example = 0; example < 20; example++) {
            const point = result.points.subarray(6 * example, 6 * example + 6);
            const centre = data.values.subarray(6 * example, 6 * example + 6);
            if (result.broken[example]) expect(answers[example]).not.toBe(data.labels[example]);
            else expect(point).toEqual(centre);
            // In float64: `map` of a Float32Array would round the distance, past the radius.
            const reach =
              norm === 'l2'
                ? distance(point, centre)
                : Math.max(...Array.from(point, (v, i) => Math.abs(v - centre[i]!)));
            expect(reach).toBeLessThanOrEqual(epsilon);
            expect(point.every(value => value >= 0 && value <= 1)).toBe(true);
          }
        },
      ),
      { numRuns: 12, examples: [[890, 'linf', 0.2]] },
    );
  });

  it('breaks more than random points of the ball do', async () => {
    const params = toyParams(2);
    const data = toyData(60, 2);
    const labels = tf.tensor1d(data.labels, 'int32');
    const x = tf.tensor2d(data.values, [60, 6]);
    const attack = async (change: Partial<PgdOptions>): Promise<number> =>
      (await pgdAttack(model, params, x, labels, options(0.2, change))).broken.filter(Boolean).length;
    expect(await attack({})).toBeGreaterThan(await attack({ steps: 0, restarts: 17 }));
    expect(await attack({ norm: 'l2' })).toBeLessThanOrEqual(await attack({}));
  });

  it('depends on the key alone, not on the batches, and leaves no tensor behind', async () => {
    const params = toyParams(3);
    const data = toyData(30, 3);
    const before = tf.memory().numTensors;
    const attack = (batch: number, seed: number): ReturnType<typeof attackExamples> =>
      attackExamples(model, params, data, { ...options(0.2), key: keyFrom(seed), steps: 0, restarts: 20, batch });
    const whole = await attack(30, 1);
    expect(await attack(7, 1)).toEqual(whole);
    expect((await attack(30, 2)).points).not.toEqual(whole.points);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('never breaks a certified example', async () => {
    const params = toyParams(6);
    const data = toyData(100, 6);
    for (const epsilon of [0.005, 0.02, 0.1]) {
      const certificates = await certify(model, params, data, { epsilon, batch: 40 });
      const attack = await attackExamples(model, params, data, { ...options(epsilon), batch: 40 });
      checkOrder({ ...certificates, broken: attack.broken });
      expect(certificates.standard.rate).toBeLessThanOrEqual(attack.attack.rate);
      expect(attack.attack.rate).toBeLessThanOrEqual(certificates.robust.rate);
    }
  });
});

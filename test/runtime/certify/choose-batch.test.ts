import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { chooseBatch } from '../../../runtime/certify/choose-batch.ts';
import type { ScheduleMeta } from '../../../runtime/contract.ts';

const schedule: ScheduleMeta = {
  choices: [],
  arithmetic: 'float32',
  fixedBytes: 100e6,
  bytesPerExample: 10e6,
};

describe('chooseBatch', () => {
  it('fits fixed and per-example bytes into a share of what the process leaves free', () => {
    expect(chooseBatch(schedule, { memory: 1e9, resident: 290e6 }, 1000)).toBe(39);
  });

  it('leaves more of it to TensorFlow, which keeps copies of its own', () => {
    // As if it had been loaded.
    const engine = tf.engine();
    const { backendName } = engine;
    engine.backendName = 'tensorflow';
    try {
      expect(chooseBatch(schedule, { memory: 1e9, resident: 290e6 }, 1000)).toBe(25);
    } finally {
      engine.backendName = backendName;
    }
  });

  it('goes no higher than the cap and no lower than one', () => {
    expect(chooseBatch(schedule, { memory: 1e12, resident: 0 }, 64)).toBe(64);
    expect(chooseBatch(schedule, { memory: 200e6, resident: 190e6 }, 64)).toBe(1);
  });

  it('refuses when one example alone exceeds the memory', () => {
    expect(() => chooseBatch(schedule, { memory: 90e6, resident: 0 }, 64)).toThrow(
      /one example needs 105 MiB.*85.8 MiB/,
    );
  });
});

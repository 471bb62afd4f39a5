import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { memoryLimit, refuseLarge, stepMemory, stepProblem } from '../../../compiler/cli/memory-limits.ts';
import { toyMeta } from '../../support/toy-model.ts';

const adam = { kind: 'adam', weightDecay: 0 } as const;
const schedule = (fixedBytes: number, bytesPerExample: number) => ({
  choices: [],
  arithmetic: 'float32' as const,
  fixedBytes,
  bytesPerExample,
});

describe('the memory that there is', () => {
  it('is the least of what was asked for, the machine and the backend', () => {
    expect(memoryLimit(1000, 'wasm', 1)).toEqual({
      bytes: 1000,
      what: 'the 0.977 KiB of --memory',
      asked: true,
      tensorsOnly: false,
      workers: 1,
    });
    expect(memoryLimit(2 ** 60, 'cpu', 1).bytes).toBeLessThanOrEqual(os.totalmem());
    expect(memoryLimit(undefined, 'wasm', 1).bytes).toBeLessThanOrEqual(2 ** 32);
    expect(memoryLimit(undefined, 'native', 1)).toMatchObject({
      asked: false,
      what: expect.stringContaining('this machine has'),
    });
  });

  it('is the fault of whoever set it when an example does not fit', () => {
    const asked = { bytes: 100, what: 'the 100 B of --memory', asked: true, tensorsOnly: false, workers: 1 };
    expect(() => refuseLarge(schedule(60, 40), asked)).not.toThrow();
    expect(() => refuseLarge(schedule(60, 41), asked)).toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(/needs 101 B .* --memory: give it more/),
      }),
    );
    expect(() => refuseLarge(schedule(60, 41), { ...asked, asked: false })).toThrow(
      expect.objectContaining({ name: 'EnvironmentError' }),
    );
  });

  it('is shared by several workers', () => {
    const whole = memoryLimit(4000, 'cpu', 1);
    const limit = memoryLimit(4000, 'cpu', 4);
    expect(limit).toMatchObject({ bytes: whole.bytes / 4, asked: true, workers: 4 });
    expect(limit.what).toBe('the 3.91 KiB of --memory, 0.977 KiB for each of 4 workers');
    expect(memoryLimit(undefined, 'cpu', 2).bytes).toBe(memoryLimit(undefined, 'cpu', 1).bytes / 2);
  });
});

describe('the memory of a training step', () => {
  // 6 · 8 + 8 + 8 · 3 + 3 parameters.
  const numbers = 83;

  it('holds parameters, moments and gradients beside the tensors, of several schedules the largest', () => {
    expect(stepMemory([toyMeta], adam, 50)).toEqual({ fixedBytes: 1000 + 20 * numbers, bytesPerExample: 100 });
    const wide = { ...toyMeta, train: schedule(0, 200) };
    expect(stepMemory([toyMeta, wide], adam, 50)).toEqual({ fixedBytes: 20 * numbers, bytesPerExample: 200 });
    expect(stepMemory([toyMeta, wide], adam, 2).bytesPerExample).toBe(100);
  });

  it('is refused with the figures and the batch that would fit, a tenth left to what lies around tensors', () => {
    const limit = { bytes: 5401, what: 'the 5 kB of --memory', asked: true, tensorsOnly: false, workers: 1 };
    expect(stepProblem({ fixedBytes: 1000, bytesPerExample: 60 }, 50, limit, 1000)).toBeNull();
    expect(stepProblem({ fixedBytes: 1000, bytesPerExample: 100 }, 50, limit, 1000)).toMatch(
      /a step on 50 examples needs up to 6.45 KiB for tensors beside the 0.977 KiB that the program takes, more than the 5 kB of --memory: --memory 1MB or --batch 30 would do/,
    );
    expect(stepProblem({ fixedBytes: 5000, bytesPerExample: 100 }, 1, limit, 1000)).toMatch(
      /a step on 1 example .* a single example does not fit either: take --memory 1MB, or bounds that need less/,
    );
  });

  it('counts tensors alone against what a backend can address', () => {
    const limit = { bytes: 6601, what: 'what WebAssembly can address', asked: false, tensorsOnly: true, workers: 1 };
    expect(stepProblem({ fixedBytes: 1000, bytesPerExample: 100 }, 50, limit, 1e9)).toBeNull();
    expect(stepProblem({ fixedBytes: 1000, bytesPerExample: 100 }, 51, limit, 1e9)).toMatch(
      /^a step on 51 examples needs up to 6.55 KiB for tensors, more than what WebAssembly can address: --batch 50 would do/,
    );
  });

  it('is that of a share of the batch when workers share it', () => {
    const limit = { bytes: 5401, what: 'the share of --memory', asked: true, tensorsOnly: false, workers: 2 };
    expect(stepProblem({ fixedBytes: 1000, bytesPerExample: 100 }, 60, limit, 1000)).toBeNull();
    expect(stepProblem({ fixedBytes: 1000, bytesPerExample: 100 }, 61, limit, 1000)).toMatch(
      /a step on 61 examples by 2 workers needs up to 4.4 KiB for tensors in each beside .*: --memory 1MB or --batch 60 would do/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { backendsTable } from '../../../../compiler/cli/doctor/backends-table.ts';
import { machineMemory } from '../../../../compiler/cli/doctor/machine-memory.ts';
import type { SurveyedBackend } from '../../../../compiler/cli/doctor/survey-backends.ts';

const speed = {
  matMul: 164.2,
  conv2d: 105,
  transposedConv2d: 73,
  exactBound: 1.25,
  exactMillisecondsPerExample: 8.123,
};
const wasm: SurveyedBackend = {
  name: 'wasm',
  chosen: true,
  loads: true,
  about: 'WebAssembly with SIMD',
  command: null,
  threads: 1,
  speed,
};
const native: SurveyedBackend = {
  name: 'native',
  chosen: false,
  loads: false,
  about: 'it is not installed',
  command: 'npx dualc setup native',
  threads: null,
  speed: null,
};

describe('the table of backends', () => {
  it('marks the one that computes, and says how to get one that is not there', () => {
    const text = backendsTable([native, wasm]);
    expect(text).toMatch(/│ \* │ wasm +│ +1 │ +164 │ +105 │ +73 │ +1\.3 \(8\.1 ms\) │ WebAssembly with SIMD/);
    expect(text).toMatch(/│ {3}│ native +│ +│ +│ +│ +│ +│ it is not installed/);
    expect(text).toContain('→ npx dualc setup native');
  });

  it('has no columns of figures where nothing was measured', () => {
    const text = backendsTable([{ ...wasm, speed: null }]);
    expect(text).not.toContain('matMul');
    expect(text).not.toContain('GFLOP');
    expect(text).toMatch(/│ \* │ wasm +│ +1 │ WebAssembly with SIMD/);
  });
});

describe('the memory of the machine', () => {
  it('knows the limit of a container, which bounds what is free', () => {
    expect(machineMemory(100, 80, 50)).toEqual({ totalBytes: 100, availableBytes: 50, containerBytes: 50 });
    expect(machineMemory(100, 40, 50)).toEqual({ totalBytes: 100, availableBytes: 40, containerBytes: 50 });
  });

  it('takes a limit beyond the machine, or none, for none', () => {
    for (const constrained of [0, 100, 2 ** 63])
      expect(machineMemory(100, 80, constrained)).toEqual({
        totalBytes: 100,
        availableBytes: 80,
        containerBytes: null,
      });
  });
});

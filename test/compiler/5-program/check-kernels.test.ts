import { describe, expect, it, vi } from 'vitest';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';

// No operation needs a kernel that a backend lacks, so one is taken away to see that the verifier would notice.
vi.mock('../../../compiler/5-program/backend-kernels.ts', async original => {
  const { backendKernels } = await original<typeof import('../../../compiler/5-program/backend-kernels.ts')>();
  const wasm = new Set(backendKernels.wasm);
  wasm.delete('Conv2D');
  return { backendKernels: { ...backendKernels, wasm } };
});

describe('checkProgram, on a backend without convolutions', () => {
  it('refuses a convolution and names the kernel and the backend', () => {
    const program = parseProgram(`%0 = input "x" : [b, 4, 4, 1]\n%1 = param "k" : [2, 2, 1, 1]
      %2 = conv2d(%0, %1) {strides: [1, 1], padding: [0, 0, 0, 0]} : [b, 3, 3, 1]\nout y = %2`);
    expect(() => checkProgram(program)).toThrow('conv2d needs Conv2D, which the backend wasm lacks');
  });

  it('accepts what needs none', () => {
    checkProgram(parseProgram('%0 = input "x" : [b]\n%1 = neg(%0) : [b]\nout y = %1'));
  });
});

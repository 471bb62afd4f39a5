import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { deadCode } from '../../../compiler/6-passes/dead-code.ts';
import { kernelRows } from '../../../compiler/6-passes/kernel-rows.ts';
import { expectSameOutputs } from '../../support/expect-pass.ts';
import { kindsAfter } from '../../support/kinds-after.ts';

const rows = (padding = '[0, 0, 0, 0]', inputSize = '[3, 2]', result = '[4, 3, 2, 5]'): string => `
  %0 = param "kernel" : [3, 2, 5, 4]
  %1 = unitRows() {rows: 4, size: 4, shape: [4]} : [4, 4]
  %2 = reshape(%1) : [4, 1, 1, 4]
  %3 = transposedConv2d(%2, %0) {inputSize: ${inputSize}, strides: [2, 1], padding: ${padding}} : ${result}
  out y = %3`;

const passed = (text: string): string[] => kindsAfter(text, kernelRows, deadCode);

describe('kernel-rows', () => {
  it('takes the rows of a whole window from the kernel', () => {
    expect(passed(rows())).toEqual(['transpose']);
  });

  it('leaves windows of another size, and padding', () => {
    expect(passed(rows('[0, 0, 0, 0]', '[4, 2]', '[4, 4, 2, 5]'))).toContain('transposedConv2d');
    expect(passed(rows('[1, 0, 0, 0]', '[2, 2]', '[4, 2, 2, 5]'))).toContain('transposedConv2d');
  });

  it('leaves rows that are none of units', () => {
    const text = rows().replace(
      '%2 = reshape(%1) : [4, 1, 1, 4]',
      '%4 = mul(%1, %1) : [4, 4]\n  %2 = reshape(%4) : [4, 1, 1, 4]',
    );
    expect(passed(text)).toContain('transposedConv2d');
  });

  it('leaves the rows of a chunk, which begin anywhere', () => {
    const text = `
  %0 = param "kernel" : [3, 2, 5, 4]
  %9 = chunked {rows: 4, size: 2} : [1, 4] {
    %1 = unitRows() {rows: 4, size: 2, shape: [4]} : [2, 4]
    %2 = reshape(%1) : [2, 1, 1, 4]
    %3 = transposedConv2d(%2, %0) {inputSize: [3, 2], strides: [2, 1], padding: [0, 0, 0, 0]} : [2, 3, 2, 5]
    %4 = reshape(%3) : [2, 30]
    %5 = sum(%4) {axes: [1], keepDims: false} : [2]
    %6 = reshape(%5) : [1, 2]
    result %6
  }
  out y = %9`;
    const before = parseProgram(text);
    const after = kernelRows.run(before);
    checkProgram(after);
    expectSameOutputs(before, after);
    expect(JSON.stringify(after)).not.toContain('"transpose"');
  });
});

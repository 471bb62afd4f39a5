import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backendKernels } from '../../../compiler/5-program/backend-kernels.ts';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { opTable } from '../../../compiler/5-program/op-table.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { InternalError } from '../../../compiler/shared/assert.ts';
import { randomProgram } from '../../support/random-program.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

const problemOf = (text: string): string => {
  try {
    checkProgram(parseProgram(text));
    return 'none';
  } catch (error) {
    if (!(error instanceof InternalError)) throw error;
    return error.message;
  }
};

const x = '%0 = input "x" : [b, 8, 8, 3]\n';
const kernel = '%1 = param "conv1.weight" : [3, 3, 3, 4]\n';
const conv = (padding: string, strides = '[1, 1]', shape = '[b, 8, 8, 4]'): string =>
  `${x}${kernel}%2 = conv2d(%0, %1) {strides: ${strides}, padding: ${padding}} : ${shape}\nout y = %2`;
/** A loop over rows of `x` that are asked for. */
const asked = (
  loopOfRows: string,
  indices: string,
  { rows = 6, result = `[${indices.slice(1, -1)}, 1]` } = {},
): string => {
  const [, kind = '', sizes = ''] = /^(\w+) (.*)$/.exec(loopOfRows) ?? [];
  const size = indices.slice(1, -2);
  return `%0 = input "x" : [b, 6]\n%9 = ${kind}(%0) ${sizes} : [b, ${rows}] {\n%1 = chunkIndices {rows: ${rows}, size: ${size}} : ${indices}\n%2 = unitRowsAt(%1) {rows: ${rows}, shape: [${rows}]} : [${size}b, ${rows}]\n%3 = sum(%2) {axes: [1], keepDims: false} : ${indices}\n%4 = reshape(%3) : ${result}\nresult %4\n}\nout`;
};
const loop = (size: number, rows: number, body: string, result: string): string =>
  `%0 = param "w" : [6, 5]\n%9 = summedChunks {rows: ${rows}, size: ${size}} : [] {\n${body}\nresult ${result}\n}\n`;
const twoRows = '%1 = chunkRows(%0) {axis: 0, size: 2} : [2, 5]';

/** Of the four positions of a grid. */
const windows = (count: number): string =>
  `${x}%1 = windows(%0) {grid: [2, 2], strides: [1, 1], offset: [0, 0], size: [2, 2], rowsPerWindow: 3, count: ${count}} : [${count}b, 2, 2, 3]\nout y = %1`;

describe('checkProgram', () => {
  it('accepts the windows of a whole grid outside of a loop', () => {
    expect(problemOf(windows(4))).toBe('none');
  });

  it('accepts every random program', () => {
    fc.assert(
      fc.property(randomProgram, program => checkProgram(program)),
      { numRuns: 300 },
    );
  });

  it('names the instruction and where it comes from', () => {
    const text = conv('[1, 1, 1, 1]', '[1, 1]', '[b, 7, 8, 4]').replace(
      '\nout',
      '   ; relu1 | conv1 | centre | net.arch.ts:6:9-6:40\nout',
    );
    expect(problemOf(text)).toBe(
      [
        'its shape is stated as [b, 7, 8, 4] and is [b, 8, 8, 4]',
        '  in  %2 = conv2d(%0, %1) {strides: [1, 1], padding: [1, 1, 1, 1]} : [b, 7, 8, 4]',
        '  from  relu1 | conv1 | centre | net.arch.ts:6:9-6:40',
      ].join('\n'),
    );
  });

  it.each([
    ['%0 = constant 1 : []\n%0 = constant 2 : []\nout', '%0 is defined twice'],
    ['%1 = neg(%0) : []\n%0 = constant 1 : []\nout', '%0 is used before it is defined'],
    ['%0 = constant 1 : []\n%1 = add(%0) : []\nout', 'add takes 2 operands, not 1'],
    ['%0 = constant 1 : []\nout a = %7', 'output a = %7 is not defined'],
    [conv('[1, 1, 1]'), 'padding is four integers'],
    [conv('[1, 1, 1, -1]'), 'padding is four integers'],
    [conv('[1, 1, 1, 0.5]'), 'padding is four integers'],
    [conv('[1, 1, 1, 1]', '[0, 1]'), 'strides are two positive integers'],
    [
      `${x}%1 = param "k" : [9, 9, 3, 4]\n%2 = conv2d(%0, %1) {strides: [1, 1], padding: [0, 0, 0, 0]} : [b, 0, 0, 4]\nout`,
      'a dimension that is not positive',
    ],
    [
      `${x}%1 = param "k" : [3, 3, 2, 4]\n%2 = conv2d(%0, %1) {strides: [1, 1], padding: [1, 1, 1, 1]} : [b, 8, 8, 4]\nout`,
      'conv2d of [b, 8, 8, 3] with a kernel [3, 3, 2, 4]',
    ],
    [`${x}%1 = reshape(%0) : [b, 191]\nout`, 'reshape of'],
    [`${x}%1 = sum(%0) {axes: [4], keepDims: false} : [b, 8, 8, 3]\nout`, '[4] are not different axes'],
    [`${x}%1 = transpose(%0) {perm: [0, 1, 2, 2]} : [b, 8, 8, 8]\nout`, '[0, 1, 2, 2] are not different axes'],
    [`${x}%1 = transpose(%0) {perm: [1, 0]} : [8, b]\nout`, '[1, 0] does not permute'],
    [`${x}%1 = matMul(%0, %0) {transposeA: false, transposeB: true} : [b, b]\nout`, 'matMul of rank 4'],
    ['%0 = param "s" : [4, 6]\n%1 = cauchyScale(%0) {estimator: ml} : [4]\nout', 'should have 3 axes'],
    [
      '%0 = param "s" : [2, 4, 6]\n%1 = param "g" : [2, 4]\n%2 = cauchyScaleGradient(%0, %1, %1) {estimator: ml} : [2, 4, 6]\nout',
      'not one number for each feature',
    ],
    ['%0 = param "w" : [6, 5]\n%1 = param "w" : [5, 6]\nout', 'param "w" is [5, 6] here and [6, 5] before'],
    [
      '%0 = noise "s" {distribution: cauchy} : [6]\n%1 = noise "s" {distribution: normal} : [6]\nout',
      'noise "s" is normal [6] here and cauchy [6] before',
    ],
    ['%0 = unitRows {rows: 6, size: 2, shape: [6]} : [2, 6]\nout', 'rows of a chunk outside of a chunk loop'],
    ['%0 = chunkIndices {rows: 6, size: 2} : [2]\nout', 'rows of a chunk outside of a chunk loop'],
    [
      `${loop(2, 6, '%1 = chunkIndices {rows: 6, size: 2} : [2b]', '%1')}out`,
      'rows by their indices, in a loop whose turns know them by their start',
    ],
    [asked('chunkedWhere {rows: 6, size: 7, atMost: 6}', '[7b]'), '7 of 6 rows at a time'],
    [asked('chunkedWhere {rows: 6, size: 2, atMost: 7}', '[2b]'), 'at most 7 of 6 rows'],
    [asked('chunkedWhere {rows: 5, size: 2, atMost: 5}', '[2b]', { rows: 5 }), '6 rows to ask for, of 5'],
    [
      asked('chunkedWhere {rows: 6, size: 2, atMost: 6}', '[2b]', { result: '[b, 2]' }),
      'a turn that does not give [batch·size, 1]',
    ],
    [
      asked('chunkedUnless {rows: 6, size: 4, atMost: 6}', '[4b]', { result: '[b, 4]' }),
      'chunks of 4 do not divide 6 rows',
    ],
    [
      asked('chunkedUnless {rows: 6, size: 2, atMost: 6}', '[2b]', { result: '[b, 2]' }),
      'rows by their indices, in a loop whose turns know them by their start',
    ],
    [`%0 = param "w" : [6, 5]\n${twoRows}\nout`, 'rows of a chunk outside of a chunk loop'],
    [windows(3), 'rows of a chunk outside of a chunk loop'],
    [`${loop(4, 6, twoRows, '%1')}out`, 'chunks of 4 do not divide 6 rows'],
    [`${loop(3, 6, twoRows, '%1')}out`, '2 of 6 rows at a time, in a loop over 3 of 6'],
    [`${loop(2, 4, twoRows, '%1')}out`, '2 of 6 rows at a time, in a loop over 2 of 4'],
    [
      `${loop(2, 6, '%1 = unitRows {rows: 6, size: 6, shape: [6]} : [6, 6]', '%1')}out`,
      '6 of 6 rows at a time, in a loop over 2 of 6',
    ],
    [`${loop(2, 6, twoRows, '%3')}out`, 'the result %3 is not defined'],
    [`${loop(2, 6, twoRows, '%1')}%10 = neg(%1) : [2, 5]\nout`, '%1 is used before it is defined'],
    [`${loop(2, 6, twoRows, '%1')}%10 = neg(%9) : []\nout`, '%9 is a summedChunks: only item may use it'],
    [`${loop(2, 6, twoRows, '%1')}out a = %9`, 'output a = %9 is a summedChunks'],
    [`${loop(2, 6, twoRows, '%1')}%10 = item(%9) {index: 1} : [2, 5]\nout`, 'there is no result 1'],
    [
      `${loop(2, 6, twoRows, '%1')}%10 = item(%9) {index: 0} : [5, 2]\nout`,
      'result 0 of the block has the shape [2, 5]',
    ],
    ['%0 = constant 1 : []\n%1 = item(%0) {index: 0} : []\nout', 'item takes a loop of several results apart'],
    [
      `${loop(2, 6, '%1 = chunked {rows: 6, size: 2} : [b, 6] {\nresult %0\n}', '%1')}out`,
      'a chunk loop stands in another one',
    ],
  ])('refuses %s', (text, problem) => {
    expect(problemOf(text)).toContain(problem);
  });
});

describe('the kernels of the backends', () => {
  it.each(testedBackends)('are what %s registers', async backend => {
    await useBackend(backend);
    const registered = tf.getKernelsForBackend(tf.getBackend()).map(kernel => kernel.kernelName);
    expect([...backendKernels[backend]].sort()).toEqual([...new Set(registered)].sort());
  });

  it('contain all that the operations need', () => {
    const needed = Object.values(opTable).flatMap(rule => rule.kernels);
    for (const kernels of Object.values(backendKernels))
      expect(needed.filter(kernel => !kernels.has(kernel))).toEqual([]);
  });
});

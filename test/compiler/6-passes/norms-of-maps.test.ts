import { describe, expect, it } from 'vitest';
import { normsOfMaps } from '../../../compiler/6-passes/norms-of-maps.ts';
import { kindsAfter } from '../../support/kinds-after.ts';

const geometry = 'inputSize: [8, 8], strides: [2, 2], padding: [1, 1, 1, 1]';

/** Six rows of two groups, pulled back to images of so many channels and measured there. */
const norms = (channels: number, rest = 'out y = %4'): string => `
  %0 = param "y" : [6, 4, 4, 16]
  %1 = param "kernel" : [4, 4, ${channels}, 16]
  %2 = param "radius" : [2, 8, 8, ${channels}]
  %3 = transposedConv2d(%0, %1) {${geometry}} : [6, 8, 8, ${channels}]
  %4 = rowNorms(%3, %2) {rows: 3} : [2, 3]
  ${rest}`;

const passed = (text: string): string[] => kindsAfter(text, normsOfMaps);

describe('norms-of-maps', () => {
  it('takes the norm without the maps', () => {
    expect(passed(norms(1))).toEqual(['transposedConv2dNorms']);
    expect(passed(norms(3))).toEqual(['transposedConv2dNorms']);
    expect(passed(norms(16))).toEqual(['transposedConv2dNorms']);
  });

  it('keeps maps that something else reads', () => {
    expect(passed(norms(1, 'out y = %4, z = %3'))).toEqual(['transposedConv2d', 'rowNorms']);
    expect(passed(norms(1, '%5 = abs(%3) : [6, 8, 8, 1]\n  out y = %4, z = %5'))).toContain('transposedConv2d');
  });

  it('keeps maps that are mostly zeros, which no convolution has to compute', () => {
    expect(
      passed(`
        %0 = param "y" : [6, 3, 3, 64]
        %1 = param "kernel" : [1, 1, 16, 64]
        %2 = param "radius" : [2, 8, 8, 16]
        %3 = transposedConv2d(%0, %1) {inputSize: [8, 8], strides: [3, 3], padding: [0, 0, 0, 0]} : [6, 8, 8, 16]
        %4 = rowNorms(%3, %2) {rows: 3} : [2, 3]
        out y = %4`),
    ).toEqual(['transposedConv2d', 'rowNorms']);
  });

  it('keeps maps that stand before the loop in which they are measured', () => {
    expect(
      passed(`
        %0 = param "y" : [3, 4, 4, 16]
        %1 = param "kernel" : [4, 4, 1, 16]
        %2 = param "radius" : [6, 8, 8, 1]
        %3 = transposedConv2d(%0, %1) {${geometry}} : [3, 8, 8, 1]
        %5 = chunked {rows: 6, size: 3} : [1, 6] {
          %6 = chunkRows(%2) {axis: 0, size: 3} : [3, 8, 8, 1]
          %7 = rowNorms(%3, %6) {rows: 3} : [3, 3]
          %8 = sum(%7) {axes: [0], keepDims: true} : [1, 3]
          result %8
        }
        out y = %5`),
    ).toContain('transposedConv2d');
  });

  it('takes no norm of what is weights and no dual', () => {
    expect(
      passed(`
        %0 = param "y" : [2, 4, 4, 16]
        %1 = param "kernel" : [4, 4, 1, 16]
        %2 = param "dual" : [6, 8, 8, 1]
        %3 = transposedConv2d(%0, %1) {${geometry}} : [2, 8, 8, 1]
        %4 = rowNorms(%2, %3) {rows: 3} : [2, 3]
        out y = %4`),
    ).toEqual(['transposedConv2d', 'rowNorms']);
  });
});

import { describe, expect, it } from 'vitest';
import { normsOfSlopeMaps } from '../../../compiler/6-passes/norms-of-slope-maps.ts';
import { kindsAfter } from '../../support/kinds-after.ts';

const onSlopes = 'grid: [3, 3], strides: [2, 2], offset: [-1, -1], size: [4, 4], rowsPerWindow: 3';
const onImage = 'grid: [3, 3], strides: [4, 4], offset: [-3, -3], size: [10, 10], rowsPerWindow: 3';
const geometry = 'rows: 3, inputSize: [10, 10], strides: [2, 2], padding: [0, 0, 0, 0]';
const maps = `
  %0 = param "dual" : [3, 4, 4, 5]
  %1 = param "slopes" : [2, 6, 6, 5]
  %2 = param "kernel" : [4, 4, 1, 5]
  %3 = param "radius" : [2, 12, 12, 1]`;

const walk = (rest = 'out y = %7', dual = '%0'): string => `${maps}
  %4 = windows(%1) {${onSlopes}, count: 9} : [18, 4, 4, 5]
  %5 = scaledRows(${dual}, %4) {rows: 3} : [54, 4, 4, 5]
  %6 = windows(%3) {${onImage}, count: 9} : [18, 10, 10, 1]
  %7 = transposedConv2dNorms(%5, %2, %6) {${geometry}} : [18, 3]
  ${rest}`;

const passed = (text: string): string[] => kindsAfter(text, normsOfSlopeMaps);

const asItWas = ['windows', 'scaledRows', 'windows', 'transposedConv2dNorms'];

describe('norms-of-slope-maps', () => {
  it('takes the norms without windows and rows', () => {
    expect(passed(walk())).toEqual(['slopeMapNorms']);
  });

  it.each(['%4', '%5', '%6'])('leaves what something else reads: %s', value => {
    expect(passed(walk(`out y = %7, z = ${value}`))).toEqual(asItWas);
  });

  it('leaves rows that positions have for themselves', () => {
    const text = walk('out y = %7', '%8').replace('%4 =', '%8 = param "own" : [54, 4, 4, 5]\n  %4 =');
    expect(passed(text)).toEqual(asItWas);
  });

  it('leaves the windows of some positions only', () => {
    const text = walk()
      .replaceAll('count: 9', 'count: 3')
      .replaceAll('[18, ', '[6, ')
      .replaceAll('[54, ', '[18, ')
      .replace('%4 =', '%8 = chunked {rows: 27, size: 9} : [2, 27] {\n  %4 =')
      .replace('out y = %7', '%9 = reshape(%7) : [2, 9]\n  result %9\n  }\n  out y = %8');
    expect(passed(text)).toEqual(['chunked', ...asItWas, 'reshape']);
  });

  it('leaves windows of slopes that are not those of the radius', () => {
    expect(passed(walk().replace(onSlopes, onSlopes.replace('grid: [3, 3]', 'grid: [9, 1]')))).toEqual(asItWas);
  });

  it('leaves windows and rows that stand before the loop that reads them', () => {
    const text = walk()
      .replace('%7 =', '%8 = chunked {rows: 3, size: 3} : [18, 3] {\n  %7 =')
      .replace('out y = %7', 'result %7\n  }\n  out y = %8');
    expect(passed(text)).toContain('scaledRows');
  });
});

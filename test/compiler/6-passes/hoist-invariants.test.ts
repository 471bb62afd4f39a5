import { describe, it } from 'vitest';
import { hoistInvariants } from '../../../compiler/6-passes/hoist-invariants.ts';
import { expectPass } from '../../support/expect-pass.ts';

const loop = (before: string, body: string, product = '%9 = matMul(%0, %4)'): string => `
  %0 = input "x" : [b, 2]
  %1 = param "w" : [6, 2]
  ${before}
  %3 = chunked {rows: 6, size: 3} : [b, 6] {
    %4 = chunkRows(%1) {axis: 0, size: 3} : [3, 2]
    ${body}
    ${product} {transposeA: false, transposeB: true} : [b, 3]
    result %9
  }
  out y = %3`;

describe('hoist-invariants', () => {
  it('computes before the loop what no row of it changes', () => {
    const exp = '%5 = exp(%0) : [b, 2]';
    expectPass(hoistInvariants, loop('', exp, '%9 = matMul(%5, %4)')).becomes(loop(exp, '', '%9 = matMul(%5, %4)'));
  });

  it('takes what it reads along, in order, and leaves what depends on the rows', () => {
    const invariant = '%5 = exp(%0) : [b, 2]\n%7 = relu(%5) : [b, 2]';
    const varying = '%6 = abs(%4) : [3, 2]';
    const [exp = '', relu = ''] = invariant.split('\n');
    expectPass(hoistInvariants, loop('', [exp, varying, relu].join('\n'), '%9 = matMul(%7, %6)')).becomes(
      loop(invariant, varying, '%9 = matMul(%7, %6)'),
    );
  });

  it('keeps a copy where it is read: it would only hold memory', () => {
    const turned = '%5 = transpose(%1) {perm: [1, 0]} : [2, 6]\n%6 = reshape(%5) : [6, 2]';
    expectPass(hoistInvariants, loop('', turned)).isKept();
  });

  it('takes a copy along that something costly reads', () => {
    const costly =
      '%5 = transpose(%1) {perm: [1, 0]} : [2, 6]\n%6 = matMul(%0, %5) {transposeA: false, transposeB: false} : [b, 6]';
    const rest = '%7 = slice(%6) {axis: 1, begin: 0, size: 2} : [b, 2]';
    expectPass(hoistInvariants, loop('', `${costly}\n${rest}`, '%9 = matMul(%7, %4)')).becomes(
      loop(costly, rest, '%9 = matMul(%7, %4)'),
    );
  });

  it('knows that rows, unit rows and windows are those of the turn', () => {
    const windows = '{grid: [2, 2], strides: [1, 1], offset: [0, 0], size: [1, 1], rowsPerWindow: 1, count: 2}';
    expectPass(
      hoistInvariants,
      `%0 = param "map" : [1, 2, 2, 1]
      %9 = summedChunks {rows: 4, size: 2} : [] {
        %1 = unitRows {rows: 4, size: 2, shape: [4]} : [2, 4]
        %2 = windows(%0) ${windows} : [2, 1, 1, 1]
        %3 = neg(%1) : [2, 4]
        %4 = exp(%2) : [2, 1, 1, 1]
        result %3, %4
      }
      %10 = item(%9) {index: 0} : [2, 4]
      out y = %10`,
    ).isKept();
  });

  it('leaves a result in the block, and takes what it is computed from', () => {
    const text = (before: string, body: string): string => `
      %0 = input "x" : [b, 2]
      ${before}
      %9 = summedChunks {rows: 4, size: 2} : [] {
        ${body}
        result %2
      }
      %10 = item(%9) {index: 0} : [b, 2]
      out y = %10`;
    const [exp, neg] = ['%1 = exp(%0) : [b, 2]', '%2 = neg(%1) : [b, 2]'];
    expectPass(hoistInvariants, text('', `${exp}\n${neg}`)).becomes(text(exp, neg));
  });

  it('leaves a program without loops as it is', () => {
    expectPass(hoistInvariants, '%0 = input "x" : [b, 2]\n%1 = exp(%0) : [b, 2]\nout y = %1').isKept();
  });
});

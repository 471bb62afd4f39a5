import { describe, it } from 'vitest';
import { deadCode } from '../../../compiler/6-passes/dead-code.ts';
import { expectPass } from '../../support/expect-pass.ts';

describe('deadCode', () => {
  it('drops what leads to no output, parameters too', () => {
    expectPass(
      deadCode,
      `%0 = input "x" : [b, 2]
       %1 = param "w" : [2]
       %2 = mul(%0, %1) : [b, 2]
       %3 = neg(%2) : [b, 2]
       %4 = exp(%0) : [b, 2]
       out y = %4`,
    ).becomes('%0 = input "x" : [b, 2]\n%4 = exp(%0) : [b, 2]\nout y = %4');
  });

  it('keeps what an output is, or leads to, and in its order', () => {
    expectPass(
      deadCode,
      '%0 = input "x" : [b, 2]\n%1 = neg(%0) : [b, 2]\n%2 = exp(%1) : [b, 2]\nout x = %0, same = %2, y = %2',
    ).isKept();
  });

  it('drops everything where nothing is asked for', () => {
    expectPass(deadCode, '%0 = input "x" : [b, 2]\n%1 = neg(%0) : [b, 2]\nout').becomes('out');
  });

  const loop = (before: string, body: string) => `
    %0 = input "x" : [b, 2]
    %1 = param "w" : [6, 2]
    ${before}
    %3 = chunked {rows: 6, size: 3} : [b, 6] {
      %4 = chunkRows(%1) {axis: 0, size: 3} : [3, 2]
      ${body}
      %9 = matMul(%0, %4) {transposeA: false, transposeB: true} : [b, 3]
      result %9
    }
    out y = %3`;

  it('cleans a chunk loop, and then what only its dead part read', () => {
    expectPass(deadCode, loop('%2 = exp(%0) : [b, 2]', '%5 = neg(%4) : [3, 2]\n%6 = add(%2, %0) : [b, 2]')).becomes(
      loop('', ''),
    );
  });

  it('drops a chunk loop that nothing reads', () => {
    expectPass(deadCode, loop('%2 = exp(%0) : [b, 2]', '').replace('out y = %3', 'out y = %2')).becomes(
      '%0 = input "x" : [b, 2]\n%2 = exp(%0) : [b, 2]\nout y = %2',
    );
  });
});

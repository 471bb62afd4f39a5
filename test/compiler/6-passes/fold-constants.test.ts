import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { foldConstants } from '../../../compiler/6-passes/fold-constants.ts';
import { expectPass } from '../../support/expect-pass.ts';

const x = '%0 = input "x" : [b, 2]';

describe('foldConstants', () => {
  it('computes arithmetic between numbers, and what follows from it', () => {
    expectPass(
      foldConstants,
      `%0 = constant 3 : []
       %1 = constant 4 : []
       %2 = square(%0) : []
       %3 = square(%1) : []
       %4 = add(%2, %3) : []
       %5 = sqrt(%4) : []
       %6 = input "x" : [b, 2]
       %7 = mul(%6, %5) : [b, 2]
       out y = %7`,
    ).becomes(
      `%8 = constant 9 : []
       %9 = constant 16 : []
       %10 = constant 25 : []
       %11 = constant 5 : []
       %0 = constant 3 : []
       %1 = constant 4 : []
       %6 = input "x" : [b, 2]
       %7 = mul(%6, %11) : [b, 2]
       out y = %7`,
    );
  });

  it('uses the constants that stand at the head', () => {
    expectPass(
      foldConstants,
      `%0 = constant 1 : []\n%1 = constant 2 : []\n${x.replace('%0', '%2')}
       %3 = add(%0, %0) : []\n%4 = div(%2, %3) : [b, 2]\nout y = %4`,
    ).becomes(
      `%0 = constant 1 : []\n%1 = constant 2 : []\n${x.replace('%0', '%2')}\n%4 = div(%2, %1) : [b, 2]\nout y = %4`,
    );
  });

  it('uses no constant that is defined later', () => {
    expectPass(
      foldConstants,
      `%0 = constant 1 : []\n%1 = param "w" : [2]\n%2 = neg(%1) : [2]\n%3 = add(%0, %0) : []
       %4 = mul(%2, %3) : [2]\n%5 = constant 2 : []\n%6 = mul(%4, %5) : [2]\nout y = %6`,
    ).becomes(
      `%7 = constant 2 : []\n%0 = constant 1 : []\n%1 = param "w" : [2]\n%2 = neg(%1) : [2]
       %4 = mul(%2, %7) : [2]\n%5 = constant 2 : []\n%6 = mul(%4, %5) : [2]\nout y = %6`,
    );
  });

  it.each([
    ['mul(%0, %1)', 1],
    ['mul(%1, %0)', 1],
    ['div(%0, %1)', 1],
    ['add(%0, %1)', 0],
    ['add(%1, %0)', 0],
    ['sub(%0, %1)', 0],
  ])('drops %s where the number is %i', (operation, value) => {
    const head = `${x}\n%1 = constant ${value} : []`;
    expectPass(foldConstants, `${head}\n%2 = ${operation} : [b, 2]\n%3 = neg(%2) : [b, 2]\nout y = %3`).becomes(
      `${head}\n%3 = neg(%0) : [b, 2]\nout y = %3`,
    );
  });

  it.each([
    ['div(%1, %0)', 1],
    ['sub(%1, %0)', 0],
    ['maximum(%0, %1)', 0],
  ])('keeps %s where the number is %i', (operation, value) => {
    expectPass(foldConstants, `${x}\n%1 = constant ${value} : []\n%2 = ${operation} : [b, 2]\nout y = %2`).isKept();
  });

  it('keeps a sum with 0 or a product with 1 that repeats its operand', () => {
    expectPass(
      foldConstants,
      '%0 = constant 0 : []\n%1 = param "w" : [2]\n%2 = broadcast(%0) : [3, 2]\n%3 = add(%1, %2) : [3, 2]\nout y = %3',
    ).isKept();
  });

  it('reaches into chunk loops', () => {
    const loop = (body: string, result: string) => `
      %0 = constant 1 : []
      %1 = param "w" : [6, 2]
      %2 = summedChunks {rows: 6, size: 3} : [] {
        %3 = chunkRows(%1) {axis: 0, size: 3} : [3, 2]
        ${body}
        result ${result}
      }
      %9 = item(%2) {index: 0} : [3, 2]
      out y = %9`;
    expectPass(foldConstants, loop('%4 = mul(%3, %0) : [3, 2]\n%5 = neg(%4) : [3, 2]', '%5')).becomes(
      loop('%5 = neg(%3) : [3, 2]', '%5'),
    );
    expectPass(foldConstants, loop('%4 = mul(%3, %0) : [3, 2]', '%4')).becomes(loop('', '%3'));
  });

  it('tells 0 from -0', () => {
    const program = parseProgram(
      '%0 = constant 0 : []\n%1 = neg(%0) : []\n%2 = constant 1 : []\n%3 = param "w" : [1]\n%4 = mul(%3, %1) : [1]\nout y = %4',
    );
    const constants = foldConstants.run(program).body.flatMap(({ op }) => (op.kind === 'constant' ? [op.value] : []));
    expect(constants).toEqual([-0, 0, 1]);
  });

  it('keeps origins and names of outputs', () => {
    expectPass(
      foldConstants,
      `${x}   ; source | - | input | -
       %1 = constant 1 : []   ; source | - | constant | -
       %2 = mul(%0, %1) : [b, 2]   ; margins | logits | dual | net.arch.ts:3:1-3:9
       %3 = neg(%2) : [b, 2]   ; loss | - | scores | -
       out product = %2, y = %3`,
    ).becomes(
      `${x}   ; source | - | input | -
       %1 = constant 1 : []   ; source | - | constant | -
       %3 = neg(%0) : [b, 2]   ; loss | - | scores | -
       out product = %0, y = %3`,
    );
  });
});

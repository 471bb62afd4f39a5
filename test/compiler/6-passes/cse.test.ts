import { describe, it } from 'vitest';
import { cse } from '../../../compiler/6-passes/cse.ts';
import { expectPass } from '../../support/expect-pass.ts';

const x = '%0 = input "x" : [b, 2]   ; source | - | input | -';
const weights = '%1 = param "w" : [2, 2]   ; source | - | param | -';
const product = (out: string, section: string) =>
  `${out} = matMul(%0, %1) {transposeA: false, transposeB: false} : [b, 2]   ; ${section} | - | product | -`;
const negative = (out: string, of: string, section: string) =>
  `${out} = neg(${of}) : [b, 2]   ; ${section} | - | value | -`;

describe('cse', () => {
  it('computes a value once within a section, and what follows from it', () => {
    const tail = '%4 = add(%2, %5) : [b, 2]   ; one | - | sum | -';
    expectPass(
      cse,
      `${x}\n${negative('%2', '%0', 'one')}\n${negative('%3', '%0', 'one')}
       ${negative('%6', '%3', 'one')}\n${negative('%5', '%2', 'one')}\n${tail}\nout y = %4, other = %3`,
    ).becomes(
      `${x}\n${negative('%2', '%0', 'one')}\n${negative('%6', '%2', 'one')}
       ${tail.replace('%5', '%6')}\nout y = %4, other = %2`,
    );
  });

  it('computes a cheap value again in another section, an expensive one never', () => {
    expectPass(
      cse,
      `${x}\n${weights}
       ${negative('%2', '%0', 'one')}\n${product('%3', 'one')}
       ${negative('%4', '%0', 'two')}\n${product('%5', 'two')}\n${negative('%6', '%5', 'two')}
       out a = %2, b = %3, c = %4, d = %5, e = %6`,
    ).becomes(
      `${x}\n${weights}
       ${negative('%2', '%0', 'one')}\n${product('%3', 'one')}
       ${negative('%4', '%0', 'two')}\n${negative('%6', '%3', 'two')}
       out a = %2, b = %3, c = %4, d = %3, e = %6`,
    );
  });

  it('computes a cheap value again in another part of a section, but not what is large and the same for all examples', () => {
    const magnitudes = (out: string, of: string, size: number, part: string) =>
      `${out} = abs(${of}) : [${size}]   ; one ~ ${part} | - | value | -`;
    const text = (large: string, second: string) => `
      %0 = param "small" : [9999]   ; source | - | param | -
      %1 = param "large" : [10000]   ; source | - | param | -
      ${magnitudes('%2', '%0', 9999, 'radius of a')}
      ${magnitudes('%3', '%1', 10000, 'radius of a')}
      ${magnitudes('%4', '%0', 9999, 'size of a')}
      ${second}
      out a = %2, b = %3, c = %4, d = ${large}`;
    expectPass(cse, text('%5', magnitudes('%5', '%1', 10000, 'size of a'))).becomes(text('%3', ''));
  });

  it('tells operations apart by their attributes and by the order of their operands', () => {
    expectPass(
      cse,
      `%0 = param "w" : [2, 2]
       %1 = matMul(%0, %0) {transposeA: false, transposeB: false} : [2, 2]
       %2 = matMul(%0, %0) {transposeA: false, transposeB: true} : [2, 2]
       %3 = sub(%1, %2) : [2, 2]
       %4 = sub(%2, %1) : [2, 2]
       %5 = sum(%0) {axes: [0], keepDims: false} : [2]
       %6 = sum(%0) {axes: [1], keepDims: false} : [2]
       out a = %3, b = %4, c = %5, d = %6`,
    ).isKept();
  });

  it('keeps streams of noise apart and joins what is drawn from one', () => {
    const noise = (out: string, stream: string) => `${out} = noise "${stream}" {distribution: cauchy} : [3, 2]`;
    const rest = '%3 = add(%0, %1) : [3, 2]\nout y = %3';
    expectPass(cse, `${noise('%0', 'relu1')}\n${noise('%1', 'relu2')}\n${rest}`).isKept();
    expectPass(cse, `${noise('%0', 'relu1')}\n${noise('%1', 'relu1')}\n${rest}`).becomes(
      `${noise('%0', 'relu1')}\n%3 = add(%0, %0) : [3, 2]\nout y = %3`,
    );
  });

  it('lets a chunk loop use what was computed before it, and nothing use what is inside', () => {
    const loop = (out: string, first: number, body: string, result: string) => `
      ${out} = summedChunks {rows: 6, size: 3} : [] {
        %${first} = chunkRows(%0) {axis: 0, size: 3} : [3, 2]
        ${body}
        result ${result}
      }
      %${first + 9} = item(${out}) {index: 0} : [3, 2]`;
    const squares = (out: number) => `%${out} = matMul(%0, %0) {transposeA: true, transposeB: false} : [2, 2]`;
    const rows = (out: number, chunk: number, by: number) =>
      `%${out} = matMul(%${chunk}, %${by}) {transposeA: false, transposeB: false} : [3, 2]`;
    expectPass(
      cse,
      `%0 = param "w" : [6, 2]\n${squares(1)}
       ${loop('%2', 10, `${squares(11)}\n${rows(12, 10, 11)}\n${rows(13, 10, 11)}\n%14 = add(%12, %13) : [3, 2]`, '%14')}
       ${loop('%3', 30, rows(32, 30, 1), '%32')}
       out a = %1, b = %19, c = %39`,
    ).becomes(
      `%0 = param "w" : [6, 2]\n${squares(1)}
       ${loop('%2', 10, `${rows(12, 10, 1)}\n%14 = add(%12, %12) : [3, 2]`, '%14')}
       ${loop('%3', 30, rows(32, 30, 1), '%32')}
       out a = %1, b = %19, c = %39`,
    );
  });

  it('tells numbers apart that JSON writes alike', () => {
    const run = (first: string, second: string) =>
      expectPass(
        cse,
        `%0 = constant ${first} : []\n%1 = constant ${second} : []\n%2 = div(%0, %1) : []\n%3 = div(%1, %0) : []\nout a = %2, b = %3`,
      );
    run('0', '-0').isKept();
  });
});

/** Names of values in the functions of a program. */
import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../../compiler/5-program/parse-program.ts';
import { emitProgram } from '../../../support/emitted-program.ts';

/** Of the constants in the functions, one after the other, without those of the driver behind them. */
function namesIn(text: string): string[] {
  const [functions = ''] = emitProgram(parseProgram(text)).split('\nreturn tf.tidy');
  return [...functions.matchAll(/^ {4,}const (\w+) =/gm)].map(([, name]) => name ?? '');
}

const x = '%0 = input "x" : [b, 2]   ; source | - | x | -';
const value = (out: number, of: number, section: string, layer: string, role: string): string =>
  `%${out} = exp(%${of}) : [b, 2]   ; ${section} | ${layer} | ${role} | -`;

describe('the names of values', () => {
  it('are numbered where two of one function would be called the same; what is returned keeps its name', () => {
    const names = namesIn(`${x}
      ${value(1, 0, 'one', 'a', 'dual')}
      ${value(2, 1, 'one', 'b', 'norm')}
      ${value(3, 2, 'one', 'a', 'dual')}
      ${value(4, 3, 'two', 'a', 'dual')}
      out y = %4`);
    expect(names).toEqual(['aDual2', 'bNorm', 'aDual', 'aDual2']);
  });

  it('avoid what means something else in every function, and words of the language', () => {
    const names = namesIn(
      `${x}\n${value(1, 0, 'one', 'unit', 'rows')}\n${value(2, 1, 'one', '-', 'default')}\n${value(3, 2, 'one', '-', 'x')}\nout y = %3`,
    );
    expect(names).toEqual(['unitRows2', 'default_', 'x2']);
  });

  it('call the gradient of a parameter after the parameter', () => {
    const names = namesIn(
      `${x}\n${value(1, 0, 'gradient:main', 'relu1', 'output gradient')}\nout gradient.conv1.weight = %1`,
    );
    expect(names).toEqual(['conv1WeightGradient']);
  });

  it('tell values of a chunk loop from those around it', () => {
    const names = namesIn(`
      %0 = param "w" : [4, 2]   ; source | - | w | -
      %1 = exp(%0) : [4, 2]   ; one | - | rows | -
      %2 = summedChunks {rows: 4, size: 2} : [] {   ; one | - | sums | -
        %3 = chunkRows(%1) {axis: 0, size: 2} : [2, 2]   ; one | - | rows | -
        result %3
      }
      %4 = item(%2) {index: 0} : [2, 2]   ; one | - | rows | -
      out y = %4`);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['rows', 'sums']));
  });
});

describe('numbers beside tensors', () => {
  const text = (constant: string, op: string): string =>
    emitProgram(
      parseProgram(`
        %0 = input "x" : [b, 2]   ; source | - | x | -
        %1 = input "epsilon" : []   ; source | - | input | -
        %2 = constant ${constant} : []   ; source | - | constant | -
        %3 = mul(%${op}, %2) : ${op === '0' ? '[b, 2]' : '[]'}   ; one | - | product | -
        %4 = add(%0, %3) : [b, 2]   ; two | - | sum | -
        out y = %4`),
    );

  it('are the shortest that mean the same float32', () => {
    for (const value of [
      1.0000016689300537,
      7.888609052210118e-31,
      2 ** -126,
      16384,
      0.5,
      -3.5,
      3.4028234663852886e38,
    ]) {
      const [, written = ''] = /tf\.mul\(x, ([^)]+)\)/.exec(text(String(value), '0')) ?? [];
      expect(Math.fround(Number(written))).toBe(value);
      expect(written.length).toBeLessThanOrEqual(String(value).length);
    }
    expect(text('1.0000016689300537', '0')).toContain('tf.mul(x, 1.0000017)');
  });

  it('stay as they are where they are no float32, or are multiplied as numbers', () => {
    expect(text('0.1', '0')).toContain('tf.mul(x, 0.1)');
    expect(text('1.000000238418579', '1')).toContain('epsilon * 1.000000238418579');
  });
});

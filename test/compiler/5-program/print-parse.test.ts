import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { ProgramSyntaxError, parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { printProgram } from '../../../compiler/5-program/print-program.ts';
import { randomProgram } from '../../support/random-program.ts';

const sample = `program margins
%0 = input "x" : [b, 28, 28, 1]   ; input | x | value | mnist.arch.ts:3:15-3:32
%1 = param "conv1.weight" : [4, 4, 1, 16]   ; relu1 | conv1 | weight | -
%2 = conv2d(%0, %1) {strides: [2, 2], padding: [1, 1, 1, 1]} : [b, 14, 14, 16]   ; relu1 | conv1 | centre | "a|b.ts":6:9-6:40
%3 = reshape(%2) : [b, 3136]   ; margins | - | value | -
%7 = chunked {rows: 10, size: 5} : [b, 10] {   ; margins | logits | dual | -
  %4 = param "logits.weight" : [10, 3136]   ; margins | logits | weight | -
  %5 = chunkRows(%4) {axis: 0, size: 5} : [5, 3136]   ; margins | logits | weight | -
  %6 = matMul(%3, %5) {transposeA: false, transposeB: true} : [b, 5]   ; margins | logits | dual | -
  result %6
}
out J = %7, "lower bound" = %2
`;

describe('the text form of a tensor program', () => {
  it('reads back what it printed, to the character', () => {
    const program = parseProgram(sample);
    checkProgram(program);
    expect(printProgram(program)).toBe(sample);
    expect(program.body[2]?.origin).toEqual({
      section: 'relu1',
      layer: 'conv1',
      part: null,
      role: 'centre',
      span: { file: 'a|b.ts', start: { line: 6, column: 9 }, end: { line: 6, column: 40 } },
    });
  });

  it('round-trips every random program', () => {
    fc.assert(
      fc.property(randomProgram, program => {
        expect(parseProgram(printProgram(program))).toEqual(program);
      }),
      { numRuns: 300 },
    );
  });

  it('needs neither header nor origins, and skips comments and empty lines', () => {
    const program = parseProgram('\n; a note\n%3 = constant -0.5 : []\r\n\nout half = %3');
    expect(printProgram(program, { origins: false })).toBe('program main\n%3 = constant -0.5 : []\nout half = %3\n');
  });

  it.each([
    ['%0 = frobnicate(%1) : []', 1, 6, "there is no operation 'frobnicate'"],
    ['%0 = sum(%1) {axes: [0]} : []', 1, 24, 'keepDims not given'],
    ['%0 = constant 1 : []\n%1 = neg(%0) : [c]', 2, 17, 'expected a dimension'],
    ['%0 = constant 1 : [] extra', 1, 22, 'expected the end of the line'],
    ['%0 = constant 1 : []', 1, 1, "expected an instruction or 'out', found the end of the text"],
    ['%0 = cauchyScale(%1) {estimator: mean} : []', 1, 34, 'estimator is one of median, geometric, ml'],
    ['%0 = summedChunks {rows: 2, size: 1} : []\nout', 1, 42, "expected '{' and a block"],
    ['%0 = constant 1 : [] ; here', 1, 28, "expected '|'"],
    ['%0 = constant 1 : []\nout a = %0, a = %0', 2, 19, 'two outputs have the same name'],
    ['%0 = constant 1 : []\nout a = %0\nout b = %0', 3, 1, "the line that begins with 'out' is the last one"],
  ])('names line and column: %s', (text, line, column, message) => {
    let error: unknown;
    try {
      parseProgram(text);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(ProgramSyntaxError);
    expect(error).toMatchObject({ line, column, message: expect.stringContaining(message) });
  });
});

import { describe, expect, it } from 'vitest';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { expectPass } from '../../support/expect-pass.ts';

const text = `
  %0 = param "w" : [2, 3]
  %1 = neg(%0) : [2, 3]
  %2 = add(%0, %1) : [2, 3]
  out zero = %2, w = %0`;
const pass = (run: (program: TensorProgram) => TensorProgram) => ({ name: 'test', run });

describe('expectPass', () => {
  it('passes what is kept, whatever its blanks', () => {
    expectPass(
      pass(program => program),
      text,
    ).isKept();
  });

  it('fails when an output has another value, before it looks at the text', () => {
    const wrong = pass(program => ({ ...program, outputs: { ...program.outputs, zero: program.outputs.w! } }));
    expect(() => expectPass(wrong, text)).toThrow(/output zero, 1 examples: entry 0 is/);
  });

  it('fails when an output is gone', () => {
    const wrong = pass(program => ({ ...program, outputs: { zero: program.outputs.zero! } }));
    expect(() => expectPass(wrong, text)).toThrow('shape of output w');
  });

  it('fails when the program is no longer well formed', () => {
    const wrong = pass(program => ({ ...program, body: program.body.slice(1) }));
    expect(() => expectPass(wrong, text)).toThrow('%0 is used before it is defined');
  });

  it('fails when the text is another', () => {
    const kept = expectPass(
      pass(program => program),
      text,
    );
    expect(() => kept.becomes(text.replace('add(%0, %1)', 'add(%1, %0)'))).toThrow();
  });
});

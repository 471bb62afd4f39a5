import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { liveness } from '../../../compiler/6-passes/liveness.ts';
import { printLiveness } from '../../../compiler/6-passes/print-liveness.ts';

describe('printLiveness', () => {
  it('shows functions, statements, what is printed inside them and what is freed when', () => {
    const program = parseProgram(`
      %0 = input "x" : [b, 20000]   ; source | - | input | -
      %1 = exp(%0) : [b, 20000]   ; one | a | first | -
      %2 = neg(%1) : [b, 20000]   ; one | b | second | -
      %3 = log(%2) : [b, 20000]   ; one | c | third | -
      %4 = exp(%3) : [b, 20000]   ; two | d | fourth | -
      out y = %4`);
    expect(printLiveness(liveness(program))).toBe(`section one() -> %3
  %1 exp
  %3 log, with %2 inside, in a tidy of its own
  free %1
section two(%3) -> %4
  %4 exp
free %3
`);
  });
});

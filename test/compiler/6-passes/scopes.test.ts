import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { operandsOf } from '../../../compiler/5-program/operands.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { splitProgram } from '../../../compiler/6-passes/scopes.ts';
import { sectionedProgram } from '../../support/sectioned-program.ts';

describe('splitProgram', () => {
  it('hands on what later sections or the outputs read, and nothing else', () => {
    const { sources, sections, sectionOf } = splitProgram(
      parseProgram(`
        %0 = input "x" : [b, 2]   ; source | - | x | -
        %1 = constant 2 : []   ; source | - | two | -
        %2 = mul(%0, %1) : [b, 2]   ; one | - | a | -
        %3 = neg(%2) : [b, 2]   ; one | - | b | -
        %4 = exp(%3) : [b, 2]   ; two | - | c | -
        %5 = mul(%4, %0) : [b, 2]   ; two | - | d | -
        %6 = add(%3, %5) : [b, 2]   ; three | - | e | -
        out y = %6, early = %4`),
    );
    expect(sources.map(({ out }) => out)).toEqual([0, 1]);
    expect(sections.map(({ name, exports, imports }) => ({ name, exports, imports }))).toEqual([
      { name: 'one', exports: [3], imports: [] },
      { name: 'two', exports: [4, 5], imports: [3] },
      { name: 'three', exports: [6], imports: [3, 5] },
    ]);
    expect(Object.fromEntries(sectionOf)).toEqual({ 2: 'one', 3: 'one', 4: 'two', 5: 'two', 6: 'three' });
  });

  it('counts what a chunk loop reads as read by its section', () => {
    const { sections } = splitProgram(
      parseProgram(`
        %0 = param "w" : [4, 2]   ; source | - | w | -
        %1 = neg(%0) : [4, 2]   ; one | - | a | -
        %2 = summedChunks {rows: 4, size: 2} : [] {   ; two | - | sums | -
          %3 = chunkRows(%1) {axis: 0, size: 2} : [2, 2]   ; two | - | rows | -
          result %3
        }
        %4 = item(%2) {index: 0} : [2, 2]   ; two | - | sum | -
        out y = %4`),
    );
    expect(sections.map(({ exports, imports }) => [exports, imports])).toEqual([
      [[1], []],
      [[4], [1]],
    ]);
  });

  it('refuses a section that is taken up again', () => {
    const program = parseProgram(`
      %0 = input "x" : [b]   ; source | - | x | -
      %1 = neg(%0) : [b]   ; one | - | a | -
      %2 = neg(%1) : [b]   ; two | - | b | -
      %3 = neg(%2) : [b]   ; one | - | c | -
      out y = %3`);
    expect(() => splitProgram(program)).toThrow('section one of main is not contiguous');
  });

  it('lets every section of a random program read only what it makes, imports, or is given', () => {
    fc.assert(
      fc.property(sectionedProgram, program => {
        const { sources, sections } = splitProgram(program);
        const exported = new Set(sources.map(({ out }) => out));
        for (const { body, imports, exports } of sections) {
          const visible = new Set([...sources.map(({ out }) => out), ...imports]);
          for (const instr of body) {
            for (const value of operandsOf(instr)) expect(visible.has(value)).toBe(true);
            visible.add(instr.out);
          }
          for (const value of imports) expect(exported.has(value)).toBe(true);
          for (const value of exports) exported.add(value);
        }
        for (const value of Object.values(program.outputs)) expect(exported.has(value)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { freedInside } from '../../../compiler/6-passes/freed-inside.ts';
import { valueId } from '../../../compiler/shared/ids.ts';

const step = (out: number, of: number, section: string): string =>
  `%${out} = exp(%${of}) : [b, 2]   ; ${section} | - | value | -`;
const freed = (...lines: readonly string[]) => {
  const program = parseProgram(['%0 = input "x" : [b, 2]   ; source | - | x | -', ...lines].join('\n'));
  const [inside] = freedInside([program], [new Set()]);
  return Object.fromEntries([...inside!].map(([section, values]) => [section, [...values]]));
};

describe('what a section frees of what others returned', () => {
  it('is what nothing reads later, and no output', () => {
    const two = `%3 = add(%1, %2) : [b, 2]   ; two | - | value | -`;
    expect(freed(step(1, 0, 'one'), step(2, 1, 'one'), two, step(4, 1, 'three'), 'out y = %3, z = %4')).toEqual({
      one: [],
      two: [valueId(2)],
      three: [valueId(1)],
    });
    expect(freed(step(1, 0, 'one'), step(2, 1, 'two'), 'out y = %1, z = %2')).toEqual({ one: [], two: [] });
  });

  it('is nothing that another section, which becomes the same function, must keep', () => {
    // Two and three do the same; what three reads is read again.
    const program = [step(1, 0, 'one'), step(2, 1, 'one'), step(3, 1, 'two'), step(4, 2, 'three')];
    expect(freed(...program, 'out y = %3, z = %4')).toMatchObject({ two: [valueId(1)], three: [valueId(2)] });
    expect(freed(...program, step(5, 2, 'four'), step(6, 5, 'four'), 'out y = %3, z = %4, w = %6')).toEqual({
      one: [],
      two: [],
      three: [],
      four: [valueId(2)],
    });
  });
});

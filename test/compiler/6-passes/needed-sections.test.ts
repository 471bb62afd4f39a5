import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { liveness } from '../../../compiler/6-passes/liveness.ts';
import { peakMemory } from '../../../compiler/6-passes/memory-model.ts';
import { neededSections } from '../../../compiler/6-passes/needed-sections.ts';

const program = parseProgram(`
  %0 = input "x" : [b, 20000]   ; source | - | input | -
  %1 = exp(%0) : [b, 20000]   ; one | - | first | -
  %2 = exp(%1) : [b, 20000]   ; two | - | second | -
  %3 = neg(%0) : [b, 20000]   ; three | - | other | -
  %4 = add(%2, %3) : [b, 20000]   ; four | - | sum | -
  %5 = mul(%4, %1) : [b, 20000]   ; five | - | last | -
  out early = %2, late = %5`);
const plan = liveness(program);
const names = (outputs: string[]): string[] =>
  neededSections(
    plan,
    outputs.flatMap(name => program.outputs[name] ?? []),
  ).split.sections.map(({ name }) => name);

describe('neededSections', () => {
  it('leaves out what the outputs do not need', () => {
    expect(names(['early'])).toEqual(['one', 'two']);
    expect(names(['late'])).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(names([])).toEqual([]);
  });

  it('has a peak of its own', () => {
    const early = neededSections(plan, [program.outputs.early!]);
    // Both results: nobody is left who would free the first one.
    expect(peakMemory(program, early, 1)).toEqual({ fixedBytes: 0, bytesPerExample: 2 * 80_000 });
    expect(peakMemory(program, plan, 1).bytesPerExample).toBe(4 * 80_000);
  });
});

import { describe, expect, it } from 'vitest';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { blockOf, renameOperands } from '../../../compiler/5-program/operands.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import type { Instr, Op, TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { shareParts } from '../../../compiler/6-passes/alike.ts';
import { outline } from '../../../compiler/6-passes/outline.ts';
import { outlinedIn } from '../../../compiler/6-passes/structure.ts';
import { found } from '../../../compiler/shared/assert.ts';
import type { ValueId } from '../../../compiler/shared/ids.ts';
import { compileFor } from '../../support/emitted-model.ts';
import { convolutional, residual, textGraph } from '../../support/text-graph.ts';

/** The program with every outlined part where it was: the blocks in place, their results under the names that are read outside. */
function expanded(program: TensorProgram): TensorProgram {
  const visit = (body: readonly Instr[]): Instr[] =>
    body.flatMap(instr => {
      if (instr.op.kind === 'item' && isPart(body, instr)) return [];
      const block = blockOf(instr.op);
      if (block === null) return [instr];
      if (instr.op.kind !== 'outlined')
        return [{ ...instr, op: { ...instr.op, block: { ...block, body: visit(block.body) } } as Op }];
      const outside = new Map<ValueId, ValueId>();
      for (const item of body)
        if (item.op.kind === 'item' && item.args[0] === instr.out)
          outside.set(found(block.results[item.op.index], 'a result'), item.out);
      const rename = (value: ValueId): ValueId => outside.get(value) ?? value;
      return block.body.map(step => ({ ...renameOperands(step, rename), out: rename(step.out) }));
    });
  return { ...program, body: visit(program.body) };
}

const isPart = (body: readonly Instr[], item: Instr): boolean =>
  body.some(({ out, op }) => out === item.args[0] && op.kind === 'outlined');

const programsOf = (text: string, bounds: string): TensorProgram[] =>
  Object.values(compileFor(textGraph(text), { bounds }).programs);

describe('outlining', () => {
  it.each([
    ['a residual network', residual, 'exact'],
    ['a residual network with a sketch', residual, 'train:sketch'],
    ['convolutions', convolutional, 'exact'],
    ['two lines', convolutional, 'backward/crown'],
  ])('changes nothing of %s: expanded, the programs are what they were', (_name, text, bounds) => {
    for (const program of programsOf(text, bounds)) {
      const whole = outline(program, () => true);
      checkProgram(whole);
      expect(outlinedIn(whole.body).length).toBeGreaterThan(0);
      expect(expanded(whole)).toEqual(program);
    }
  });

  it('outlines what is taken more than once, in all programs of a module', () => {
    const programs = programsOf(convolutional, 'exact');
    const shared = shareParts(programs).programs;
    expect(shared.map(expanded)).toEqual(programs);
    const parts = shared.flatMap(program => outlinedIn(program.body)).map(({ origin }) => origin.role);
    const twice = parts.filter((part, index) => parts.indexOf(part) !== index);
    expect(twice).toContain('back from relu1');
  });

  it('notes what is read for the last time, and nothing that is read again', () => {
    const program = parseProgram(`
      %0 = param "a" : [2]   ; source | - | a | -
      %1 = exp(%0) : [2]   ; one | - | first | -
      %2 = exp(%1) : [2]   ; one | - | second | -
      %3 = add(%1, %2) : [2]   ; one ~ part | - | value | -
      %4 = mul(%3, %3) : [2]   ; one ~ part | - | value | -
      %5 = neg(%4) : [2]   ; one ~ part | - | value | -
      %6 = mul(%5, %1) : [2]   ; one | - | last | -
      out y = %6`);
    const [part] = outlinedIn(outline(program, () => true).body);
    expect(part?.op).toMatchObject({ kind: 'outlined', consumed: [2] });
  });
});

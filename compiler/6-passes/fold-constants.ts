/**
 * Constant folding: arithmetic between numbers is done here, and a number that changes nothing (`x · 1`, `x + 0`) goes.
 *
 * Needs:  SSA.
 * Gives:  no arithmetic between constants only; same outputs, up to the sign of a zero.
 * Order:  after `gradient`, which starts from the number 1.
 */

import { sameDims } from '../5-program/dim.ts';
import { elementwiseOf } from '../5-program/op-table.ts';
import type { Elementwise } from '../5-program/operations/operation.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';
import { type Rewrite, rewriteProgram } from './rewrite-program.ts';

export const foldConstants: Pass = {
  name: 'fold-constants',
  run: (program: TensorProgram) => rewriteProgram(program, fold),
};

const fold: Rewrite = (instr, { definition, constant }) => {
  const rule = elementwiseOf(instr.op);
  if (rule === null) return null;
  const values = instr.args.map(arg => numberOf(definition(arg)));
  const numbers = values.filter(value => value !== null);
  if (numbers.length === values.length) return constant(rule.scalar(...numbers));
  return withoutNeutral(instr, values, rule.neutral, definition);
};

/** The operand on the other side of a number that changes nothing. */
function withoutNeutral(
  instr: Instr,
  [x = null, y = null]: readonly (number | null)[],
  neutral: Elementwise['neutral'],
  definition: (value: ValueId) => Instr,
): ValueId | null {
  if (neutral === null) return null;
  const keep = (index: number): ValueId | null => {
    const value = found(instr.args[index], 'an operand');
    return sameDims(definition(value).shape, instr.shape) ? value : null;
  };
  if (y === neutral.value) return keep(0);
  return neutral.symmetric && x === neutral.value ? keep(1) : null;
}

const numberOf = ({ op }: Instr): number | null => (op.kind === 'constant' ? op.value : null);

/**
 * Which instructions become one statement of the emitted code: a value that is read once, by an instruction that computes
 * the same thing (same layer, same role) or by way of a trivial operation, is printed inside its reader.
 */

import { isSource, operationOf } from '../5-program/op-table.ts';
import { blockOf, operandsOf } from '../5-program/operands.ts';
import type { Instr } from '../5-program/tensor-program.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';

export interface Statement {
  /** The instruction whose result the statement names. */
  readonly root: Instr;
  /** Instructions printed inside it, in order. */
  readonly inlined: readonly Instr[];
}

/** Beyond this many operations an expression is split. */
const longest = 5;

/** `kept` are the results and exports of the body: they need a name. */
export function statementsOf(body: readonly Instr[], kept: ReadonlySet<ValueId>): Statement[] {
  const reader = onlyReaders(body);
  const definition = new Map(body.map(instr => [instr.out, instr]));
  const inlinedInto = new Map<ValueId, Instr[]>();
  const statements: Statement[] = [];
  const lengthOf = (instr: Instr): number =>
    [instr, ...(inlinedInto.get(instr.out) ?? [])].reduce((sum, { op }) => sum + operationOf(op).length, 0);
  for (const instr of body) {
    if (isSource(instr.op)) continue;
    const own = inlinedInto.get(instr.out) ?? [];
    const into = reader.get(instr.out);
    const target = into === undefined ? undefined : found(definition.get(into), `%${into}`);
    const fits =
      target !== undefined &&
      !kept.has(instr.out) &&
      belongs(instr, target) &&
      lengthOf(instr) + lengthOf(target) <= longest;
    if (fits) inlinedInto.set(target.out, [...(inlinedInto.get(target.out) ?? []), ...own, instr]);
    else statements.push({ root: instr, inlined: own });
  }
  return statements;
}

function belongs(instr: Instr, reader: Instr): boolean {
  const { inlined } = operationOf(instr.op);
  switch (inlined) {
    case 'anywhere':
      return true;
    case 'withSameRole':
      return instr.origin.layer === reader.origin.layer && instr.origin.role === reader.origin.role;
    case 'nowhere':
      return false;
    default:
      return assertNever(inlined);
  }
}

/** The one instruction of the same body that reads a value, for values with exactly one reader outside of blocks. */
function onlyReaders(body: readonly Instr[]): Map<ValueId, ValueId> {
  const readers = new Map<ValueId, ValueId | null>();
  for (const instr of body) {
    const direct = new Set(instr.args);
    const repeated = direct.size < instr.args.length;
    for (const value of operandsOf(instr)) {
      const usable =
        direct.has(value) && !readers.has(value) && !(repeated && instr.args.filter(arg => arg === value).length > 1);
      readers.set(value, usable && blockOf(instr.op) === null ? instr.out : null);
    }
  }
  return new Map([...readers].flatMap(([value, reader]) => (reader === null ? [] : [[value, reader] as const])));
}

/** Values that a statement reads and does not compute itself. */
export function readsOf({ root, inlined }: Statement): ValueId[] {
  const own = new Set(inlined.map(instr => instr.out));
  return [...new Set([...inlined, root].flatMap(operandsOf))].filter(value => !own.has(value));
}

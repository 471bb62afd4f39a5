/**
 * When each tensor may be freed. Every emitted function runs in a `tf.tidy`, so nothing can leak; large tensors are freed
 * at their last use instead of at the end of the function, large intermediates of a statement at its end, and large tensors
 * that one function hands to another after the last function that reads them.
 *
 * Needs:  the program as it will be emitted.
 * Gives:  a side table, no change.
 * Order:  last.
 */
import { linearCount } from '../5-program/dim.ts';
import { isTuple } from '../5-program/op-table.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { type Section, type SplitProgram, splitProgram } from './scopes.ts';
import { readsOf, type Statement, statementsOf } from './statements.ts';

export interface Liveness {
  readonly split: SplitProgram;
  /** Statements of each section, by its name, and of each block, by the result of the instruction that holds it. */
  readonly sectionStatements: ReadonlyMap<string, readonly Statement[]>;
  readonly blockStatements: ReadonlyMap<ValueId, readonly Statement[]>;
  /** Local values to free after a statement, by the statement's result. */
  readonly freedAfter: ReadonlyMap<ValueId, readonly ValueId[]>;
  /** Exported values to free after a section, by its name. */
  readonly freedAfterSection: ReadonlyMap<string, readonly ValueId[]>;
  /** Statements that make large tensors on the way, which a `tf.tidy` of their own frees, by their results. */
  readonly tidied: ReadonlySet<ValueId>;
}

/** Entries per example, or shared by the batch, from which a tensor is large: freeing it early is worth a line of code. */
export interface LargeSizes {
  readonly perExample: number;
  readonly fixed: number;
}
const large: LargeSizes = { perExample: 20_000, fixed: 250_000 };

export function liveness(program: TensorProgram, sizes: LargeSizes = large): Liveness {
  const isLarge = ({ op, shape }: Instr): boolean => {
    const { fixed, perExample } = linearCount(shape);
    // The sums of a loop are freed one by one, as its items.
    return !isTuple(op) && (perExample >= sizes.perExample || fixed >= sizes.fixed);
  };
  const split = splitProgram(program);
  const sectionStatements = new Map<string, Statement[]>();
  const blockStatements = new Map<ValueId, Statement[]>();
  const freedAfter = new Map<ValueId, ValueId[]>();
  const tidied = new Set<ValueId>();
  const visit = (body: readonly Instr[], kept: ReadonlySet<ValueId>): Statement[] => {
    const statements = statementsOf(body, kept);
    for (const { root, inlined } of statements) {
      if (inlined.some(isLarge)) tidied.add(root.out);
      const block = blockOf(root.op);
      if (block !== null) blockStatements.set(root.out, visit(block.body, new Set(block.results)));
    }
    freeLocals(statements, kept, isLarge, freedAfter);
    return statements;
  };
  for (const section of split.sections)
    sectionStatements.set(section.name, visit(section.body, new Set(section.exports)));
  return {
    split,
    sectionStatements,
    blockStatements,
    freedAfter,
    freedAfterSection: freeExports(program, split.sections, isLarge),
    tidied,
  };
}

function freeLocals(
  statements: readonly Statement[],
  kept: ReadonlySet<ValueId>,
  isLarge: (instr: Instr) => boolean,
  freedAfter: Map<ValueId, ValueId[]>,
): void {
  const lastUse = new Map<ValueId, ValueId>();
  for (const statement of statements) for (const value of readsOf(statement)) lastUse.set(value, statement.root.out);
  for (const { root } of statements) {
    const last = lastUse.get(root.out);
    if (last === undefined || kept.has(root.out) || !isLarge(root)) continue;
    append(freedAfter, last, root.out);
  }
}

function freeExports(
  program: TensorProgram,
  sections: readonly Section[],
  isLarge: (instr: Instr) => boolean,
): Map<string, ValueId[]> {
  const outputs = new Set(Object.values(program.outputs));
  const definition = new Map(program.body.map(instr => [instr.out, instr]));
  const lastSection = new Map<ValueId, string>();
  for (const section of sections) for (const value of section.imports) lastSection.set(value, section.name);
  const freed = new Map<string, ValueId[]>();
  for (const [value, section] of lastSection) {
    if (outputs.has(value) || !isLarge(found(definition.get(value), `%${value}`))) continue;
    append(freed, section, value);
  }
  return freed;
}

function append<Key>(lists: Map<Key, ValueId[]>, key: Key, value: ValueId): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

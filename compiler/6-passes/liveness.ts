/**
 * When each tensor may be freed. Every emitted function runs in a `tf.tidy`, so nothing can leak; large tensors are freed
 * at their last use instead of at the end of the function, large intermediates of a statement at its end, and large tensors
 * that one function hands to another after the last function that reads them.
 *
 * Needs:  the program as it will be emitted.
 * Gives:  a side table, no change.
 * Order:  last.
 */
import { linearCount, type ProgramShape } from '../5-program/dim.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr, OpKind, TensorProgram } from '../5-program/tensor-program.ts';
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
}

/** Entries per example, or shared by the batch, from which freeing early is worth a line of code. */
const largePerExample = 20_000;
const largeFixed = 250_000;

export function isLarge(shape: ProgramShape): boolean {
  const { fixed, perExample } = linearCount(shape);
  return perExample >= largePerExample || fixed >= largeFixed;
}

/** Results that share their operand's memory. */
const aliases: ReadonlySet<OpKind> = new Set<OpKind>(['reshape', 'detach', 'item']);
export const isAlias = (instr: Instr): boolean => aliases.has(instr.op.kind);

/** Whether a statement makes large tensors on the way, which a `tf.tidy` of its own frees. */
export const needsTidy = ({ inlined }: Statement): boolean => inlined.some(instr => isLarge(instr.shape));

export function liveness(program: TensorProgram): Liveness {
  const split = splitProgram(program);
  const sectionStatements = new Map<string, Statement[]>();
  const blockStatements = new Map<ValueId, Statement[]>();
  const freedAfter = new Map<ValueId, ValueId[]>();
  const visit = (body: readonly Instr[], kept: ReadonlySet<ValueId>): Statement[] => {
    const statements = statementsOf(body, kept);
    for (const { root } of statements) {
      const block = blockOf(root.op);
      if (block !== null) blockStatements.set(root.out, visit(block.body, new Set(block.results)));
    }
    freeLocals(statements, kept, freedAfter);
    return statements;
  };
  for (const section of split.sections)
    sectionStatements.set(section.name, visit(section.body, new Set(section.exports)));
  return {
    split,
    sectionStatements,
    blockStatements,
    freedAfter,
    freedAfterSection: freeExports(program, split.sections),
  };
}

function freeLocals(
  statements: readonly Statement[],
  kept: ReadonlySet<ValueId>,
  freedAfter: Map<ValueId, ValueId[]>,
): void {
  const lastUse = new Map<ValueId, ValueId>();
  for (const statement of statements) for (const value of readsOf(statement)) lastUse.set(value, statement.root.out);
  for (const { root } of statements) {
    const last = lastUse.get(root.out);
    if (last === undefined || kept.has(root.out) || root.op.kind === 'summedChunks' || !isLarge(root.shape)) continue;
    freedAfter.set(last, [...(freedAfter.get(last) ?? []), root.out]);
  }
}

function freeExports(program: TensorProgram, sections: readonly Section[]): Map<string, ValueId[]> {
  const outputs = new Set(Object.values(program.outputs));
  const definition = new Map(program.body.map(instr => [instr.out, instr]));
  const lastSection = new Map<ValueId, string>();
  for (const section of sections) for (const value of section.imports) lastSection.set(value, section.name);
  const freed = new Map<string, ValueId[]>();
  for (const [value, section] of lastSection) {
    if (outputs.has(value) || !isLarge(found(definition.get(value), `%${value}`).shape)) continue;
    freed.set(section, [...(freed.get(section) ?? []), value]);
  }
  return freed;
}

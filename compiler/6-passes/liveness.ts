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
import { addTo } from '../shared/add-to.ts';
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
export const defaultLargeSizes: LargeSizes = { perExample: 20_000, fixed: 250_000 };

export function isLargeTensor({ op, shape }: Instr, sizes: LargeSizes): boolean {
  const { fixed, perExample } = linearCount(shape);
  // The sums of a loop are freed one by one, as its items.
  return !isTuple(op) && (perExample >= sizes.perExample || fixed >= sizes.fixed);
}

/** What others that are alike ask of a program's values: see `alike.ts`. */
export interface ForOthers {
  /** Treated as large, since others in their place are. */
  readonly large: ReadonlySet<ValueId>;
  /** Returned by their function, since others in their place are. */
  readonly exported: ReadonlySet<ValueId>;
  /** By section, values of others that all that are alike may free. */
  readonly freedInside: ReadonlyMap<string, ReadonlySet<ValueId>>;
}
const nothingForOthers: ForOthers = { large: new Set(), exported: new Set(), freedInside: new Map() };

export function liveness(
  program: TensorProgram,
  sizes: LargeSizes = defaultLargeSizes,
  forOthers: ForOthers = nothingForOthers,
): Liveness {
  const isLarge = (instr: Instr): boolean => forOthers.large.has(instr.out) || isLargeTensor(instr, sizes);
  const definitions = new Map(program.body.map(instr => [instr.out, instr]));
  const split = splitProgram(program, forOthers.exported);
  const sectionStatements = new Map<string, Statement[]>();
  const blockStatements = new Map<ValueId, Statement[]>();
  const freedAfter = new Map<ValueId, ValueId[]>();
  const tidied = new Set<ValueId>();
  /** `given` are values from outside that may be freed here. */
  const visit = (body: readonly Instr[], kept: ReadonlySet<ValueId>, given: readonly Instr[] = []): Statement[] => {
    const statements = statementsOf(body, kept);
    for (const { root, inlined } of statements) {
      if (inlined.some(isLarge)) tidied.add(root.out);
      definitions.set(root.out, root);
      const block = blockOf(root.op);
      if (block === null) continue;
      const consumed = [...consumedBy(root), ...lentTo(root)].flatMap(value => definitions.get(value) ?? []);
      blockStatements.set(root.out, visit(block.body, new Set(block.results), consumed));
    }
    freeLocals(statements, kept, given, isLarge, freedAfter);
    return statements;
  };
  const inside = new Set<ValueId>();
  for (const section of split.sections) {
    const given = [...(forOthers.freedInside.get(section.name) ?? [])].flatMap(value => definitions.get(value) ?? []);
    for (const { out } of given) inside.add(out);
    sectionStatements.set(section.name, visit(section.body, new Set(section.exports), given));
  }
  return {
    split,
    sectionStatements,
    blockStatements,
    freedAfter,
    freedAfterSection: freeExports(program, split.sections, instr => isLarge(instr) && !inside.has(instr.out)),
    tidied,
  };
}

const lentTo = ({ op }: Instr): readonly ValueId[] => (op.kind === 'outlined' ? op.lent : []);
const consumedBy = ({ op }: Instr): readonly ValueId[] => (op.kind === 'outlined' ? op.consumed : []);

function freeLocals(
  statements: readonly Statement[],
  kept: ReadonlySet<ValueId>,
  given: readonly Instr[],
  isLarge: (instr: Instr) => boolean,
  freedAfter: Map<ValueId, ValueId[]>,
): void {
  const lastUse = new Map<ValueId, ValueId>();
  const freedWithin = new Set(statements.flatMap(({ root }) => consumedBy(root)));
  for (const statement of statements) for (const value of readsOf(statement)) lastUse.set(value, statement.root.out);
  for (const instr of [...given, ...statements.map(({ root }) => root)]) {
    const { out } = instr;
    const last = lastUse.get(out);
    if (last === undefined || kept.has(out) || freedWithin.has(out) || !isLarge(instr)) continue;
    addTo(freedAfter, last, out);
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
    addTo(freed, section, value);
  }
  return freed;
}

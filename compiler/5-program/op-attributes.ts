/** How the attributes of each operation are written, as its row says: for `print-program.ts` and `parse-program.ts`. */
import { opTable } from './op-table.ts';
import type { AttributeRule, WrittenAs } from './operations/attributes.ts';
import type { Op, OpKind } from './tensor-program.ts';

export interface WrittenAttribute extends AttributeRule {
  readonly name: string;
}

export const isOpKind = (word: string): word is OpKind => Object.hasOwn(opTable, word);

const rulesOf = (kind: OpKind): [string, WrittenAs][] => Object.entries(opTable[kind].attributes);

/** Attributes that are written with the instruction, in order. */
export const writtenAttributes = (kind: OpKind): readonly WrittenAttribute[] =>
  rulesOf(kind).flatMap(([name, rule]) => (typeof rule === 'string' ? [] : [{ name, ...rule }]));

/** Whether the operation's `shape` is that of its result. */
export const statesItsShape = (kind: OpKind): boolean => rulesOf(kind).some(([, rule]) => rule === 'resultShape');

export const hasBlock = (kind: OpKind): boolean => rulesOf(kind).some(([, rule]) => rule === 'block');

export const attributeOf = (op: Op, name: string): unknown => (op as unknown as Record<string, unknown>)[name];

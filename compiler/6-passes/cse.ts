/**
 * Common-subexpression elimination: equal instructions are computed once. Within one emitted function always; across
 * functions only what is worth passing along: convolutions, matrix products, estimates. A cheap value is computed again
 * where it is needed, so that a function reads by itself.
 *
 * Needs:  SSA, arguments defined before use.
 * Gives:  same outputs; no two instructions of a section share operation and operands.
 * Order:  after `gradient` and the rewrites (they create equal values), before `dead-code`.
 */
import { linearCount } from '../5-program/dim.ts';
import { opKey } from '../5-program/op-key.ts';
import { operationOf } from '../5-program/op-table.ts';
import { blockOf, renameOperands } from '../5-program/operands.ts';
import type { Instr, Op, TensorProgram } from '../5-program/tensor-program.ts';
import { assertNever } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import { mapRecord } from '../shared/map-record.ts';
import type { Pass } from './pass.ts';

export const cse: Pass = {
  name: 'cse',
  run(program) {
    const renamed = new Map<ValueId, ValueId>();
    const body = deduplicate(program.body, renamed, [new Map()], none);
    const outputs = mapRecord(program.outputs, value => renamed.get(value) ?? value);
    return { ...program, body, outputs } satisfies TensorProgram;
  },
};

/** First values by their keys, innermost block first: a block sees the values before it and keeps its own to itself. */
type Scopes = readonly [Map<string, ValueId>, ...ReadonlyMap<string, ValueId>[]];

const none: ReadonlySet<ValueId> = new Set();

/** `results` stay where they are: the shape of a loop is told by those in its block. */
function deduplicate(
  body: readonly Instr[],
  renamed: Map<ValueId, ValueId>,
  scopes: Scopes,
  results: ReadonlySet<ValueId>,
): Instr[] {
  const rename = (value: ValueId): ValueId => renamed.get(value) ?? value;
  return body.flatMap(instr => {
    const current = renameOperands(instr, rename);
    const block = blockOf(current.op);
    if (block !== null) {
      const inner = deduplicate(block.body, renamed, [new Map(), ...scopes], new Set(block.results));
      return [{ ...current, op: { ...current.op, block: { body: inner, results: block.results.map(rename) } } as Op }];
    }
    const scope = scopeOf(current);
    if (scope === null) return [current];
    const key = `${scope} ${opKey(current.op)} ${current.args.join()}`;
    const earlier = scopes.find(firstWithKey => firstWithKey.has(key))?.get(key);
    if (earlier !== undefined && !results.has(current.out)) {
      renamed.set(current.out, earlier);
      return [];
    }
    scopes[0].set(key, current.out);
    return [current];
  });
}

/** Entries, the same for every example, from which computing them again takes longer than calling an operation: magnitudes of large weights. */
const many = 10_000;

/**
 * Within what equal instructions become one: a section or a part of it, so that the part stays like those elsewhere, the whole program (no
 * name), or nothing.
 */
function scopeOf({ op, origin, shape }: Instr): string | null {
  const { sharing } = operationOf(op);
  switch (sharing) {
    case 'everywhere':
      return '';
    case 'withinFunction':
      return origin.part === null || linearCount(shape).fixed >= many
        ? origin.section
        : `${origin.section} ~ ${origin.part}`;
    case 'nowhere':
      return null;
    default:
      return assertNever(sharing);
  }
}

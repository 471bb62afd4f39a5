/** Which values an instruction reads, those that its block reads from outside included. */
import type { ValueId } from '../shared/ids.ts';
import type { Block, Instr, Op } from './tensor-program.ts';

export const blockOf = (op: Op): Block | null => ('block' in op ? op.block : null);

/** Values that a block reads and does not define, each once, in the order of first use. */
export function freeValues(block: Block): readonly ValueId[] {
  const known = free.get(block);
  if (known !== undefined) return known;
  const values = freeValuesOf(block);
  free.set(block, values);
  return values;
}

/** Blocks never change, and every pass and analysis asks anew. */
const free = new WeakMap<Block, readonly ValueId[]>();

function freeValuesOf(block: Block): ValueId[] {
  const defined = new Set(block.body.map(instr => instr.out));
  const free = new Set<ValueId>();
  for (const instr of block.body) for (const value of operandsOf(instr)) if (!defined.has(value)) free.add(value);
  for (const value of block.results) if (!defined.has(value)) free.add(value);
  return [...free];
}

export function operandsOf(instr: Instr): readonly ValueId[] {
  const block = blockOf(instr.op);
  return block === null ? instr.args : [...instr.args, ...freeValues(block)];
}

/** The same instruction with every operand, in its block too, renamed. */
export function renameOperands(instr: Instr, rename: (value: ValueId) => ValueId): Instr {
  const block = blockOf(instr.op);
  // Programs are long and most of their instructions stay as they are: no copies of those.
  if (block === null && instr.args.every(value => rename(value) === value)) return instr;
  const args = instr.args.map(rename);
  if (block === null) return { ...instr, args };
  const renamed: Block = {
    body: block.body.map(inner => renameOperands(inner, rename)),
    results: block.results.map(rename),
  };
  return { ...instr, args, op: { ...instr.op, block: renamed } as Op };
}

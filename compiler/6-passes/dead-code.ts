/**
 * Dead-code elimination: drops what no output needs. Every operation is pure, so nothing else can need it.
 *
 * Needs:  SSA, arguments defined before use.
 * Gives:  same outputs; every instruction is used.
 * Order:  after the passes that replace values.
 */
import { blockOf, operandsOf } from '../5-program/operands.ts';
import type { Block, Instr, Op, TensorProgram } from '../5-program/tensor-program.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';

export const deadCode: Pass = {
  name: 'dead-code',
  run: program => ({ ...program, body: live(program.body, Object.values(program.outputs)) }) satisfies TensorProgram,
};

function live(body: readonly Instr[], results: readonly ValueId[]): Instr[] {
  const used = new Set(results);
  const kept: Instr[] = [];
  for (const instr of body.toReversed()) {
    if (!used.has(instr.out)) continue;
    const cleaned = withLiveBlock(instr);
    for (const value of operandsOf(cleaned)) used.add(value);
    kept.push(cleaned);
  }
  return kept.reverse();
}

function withLiveBlock(instr: Instr): Instr {
  const block = blockOf(instr.op);
  if (block === null) return instr;
  const cleaned: Block = { results: block.results, body: live(block.body, block.results) };
  return { ...instr, op: { ...instr.op, block: cleaned } as Op };
}

/** Multiply-adds of a tensor program by its own operations, chunk loops counted as often as they run. */

import type { ProgramShape } from '../../compiler/5-program/dim.ts';
import { dimAt } from '../../compiler/5-program/dim.ts';
import { macsOf } from '../../compiler/5-program/op-table.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, Op, OpKind, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import type { ValueId } from '../../compiler/shared/ids.ts';

/** By section, for a batch of `batchSize`, all examples together; of some kinds of operation only when `kinds` are given. */
export function macsBySection(
  program: TensorProgram,
  batchSize: number,
  kinds: readonly OpKind[] | null = null,
): Map<string, number> {
  const shapes = new Map<ValueId, ProgramShape>();
  const sections = new Map<string, number>();
  const count = (body: readonly Instr[], times: number, section: string | null): void => {
    for (const instr of body) {
      shapes.set(instr.out, instr.shape);
      const name = section ?? instr.origin.section;
      const own = dimAt(
        macsOf(
          instr.op,
          instr.args.map(arg => shapes.get(arg) ?? []),
        ),
        batchSize,
      );
      if (kinds === null || kinds.includes(instr.op.kind)) sections.set(name, (sections.get(name) ?? 0) + times * own);
      const block = blockOf(instr.op);
      if (block !== null) count(block.body, times * turnsOf(instr.op), name);
    }
  };
  count(program.body, 1, null);
  return sections;
}

/** As is foretold: of rows that are asked for an eighth, as long as so many may be. */
function turnsOf(op: Op): number {
  switch (op.kind) {
    case 'chunked':
    case 'summedChunks':
      return op.rows / op.size;
    case 'chunkedWhere':
      return Math.min(Math.ceil(op.rows / 8), op.atMost) / op.size;
    case 'chunkedUnless':
      return 0;
    default:
      return 1;
  }
}

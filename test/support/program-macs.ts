/** Multiply-adds of a tensor program by its own operations, chunk loops counted as often as they run. */

import type { ProgramShape } from '../../compiler/5-program/dim.ts';
import { dimAt } from '../../compiler/5-program/dim.ts';
import { macsOf } from '../../compiler/5-program/op-table.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, OpKind, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
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
      if (block === null || (instr.op.kind !== 'chunked' && instr.op.kind !== 'summedChunks')) continue;
      count(block.body, (times * instr.op.rows) / instr.op.size, name);
    }
  };
  count(program.body, 1, null);
  return sections;
}

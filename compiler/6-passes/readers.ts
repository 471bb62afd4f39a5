/** How often each value of a program is read. */
import { blockOf } from '../5-program/operands.ts';
import type { Instr, TensorProgram } from '../5-program/tensor-program.ts';
import type { ValueId } from '../shared/ids.ts';

/** As an output too, and within blocks. */
export function readersOf({ body, outputs }: TensorProgram): ReadonlyMap<ValueId, number> {
  const readers = new Map<ValueId, number>();
  const count = (value: ValueId): unknown => readers.set(value, (readers.get(value) ?? 0) + 1);
  const visit = (instrs: readonly Instr[]): void => {
    for (const { op, args } of instrs) {
      args.forEach(count);
      const block = blockOf(op);
      if (block === null) continue;
      visit(block.body);
      block.results.forEach(count);
    }
  };
  visit(body);
  Object.values(outputs).forEach(count);
  return readers;
}

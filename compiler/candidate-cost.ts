/**
 * What a candidate of the schedule costs: the sum over the program that it lowers to. It stands beside the stages, since the schedule
 * comes before the programs: `compile-graph.ts` hands it in.
 */
import type { DualNetwork } from './3-dual/dual.ts';
import type { CostOf } from './4-schedule/cost-of.ts';
import type { Cost } from './4-schedule/plan.ts';
import { nanosecondsOf, type Rates, type Work } from './4-schedule/rates/rate.ts';
import { wasmRates } from './4-schedule/rates/wasm.ts';
import { countOf, dimAt, type ProgramShape } from './5-program/dim.ts';
import { bytesAt } from './5-program/memory-size.ts';
import { loopOf, macsOf, operationOf } from './5-program/op-table.ts';
import { blockOf } from './5-program/operands.ts';
import type { OpFamily } from './5-program/operations/operation.ts';
import type { Instr, Op, TensorProgram } from './5-program/tensor-program.ts';
import { liveness } from './6-passes/liveness.ts';
import { peakMemory } from './6-passes/memory-model.ts';
import { candidatePrograms } from './candidate-programs.ts';
import { found } from './shared/assert.ts';
import type { ValueId } from './shared/ids.ts';

export function candidateCosts(dual: DualNetwork, rates: Rates = wasmRates): CostOf {
  const programOf = candidatePrograms(dual);
  return (bound, strategy, { arithmetic, examples }) => {
    const { macs, milliseconds } = programWork(programOf(bound, strategy, arithmetic), examples, rates);
    let bytes: number | null = null;
    return {
      macs,
      milliseconds,
      // Takes as long as all else, and many a candidate is too slow to be asked for its memory. Costs outlive programs, and must not hold them.
      get bytesPerExample() {
        bytes ??= bytesPerExample(programOf(bound, strategy, arithmetic), examples);
        return bytes;
      },
    };
  };
}

/** Of one call for a batch, divided among its examples. */
export const programCost = (program: TensorProgram, examples: number, rates: Rates): Cost => ({
  ...programWork(program, examples, rates),
  bytesPerExample: bytesPerExample(program, examples),
});

function programWork(program: TensorProgram, examples: number, rates: Rates): Omit<Cost, 'bytesPerExample'> {
  const shapes = new Map<ValueId, ProgramShape>();
  let multiplyAdds = 0;
  let nanoseconds = 0;
  const count = (body: readonly Instr[], turns: number): void => {
    for (const { op, args, shape, out } of body) {
      shapes.set(out, shape);
      const operands = args.map(value => found(shapes.get(value), `shape of %${value}`));
      const work = workOf(op, operands, shape, examples);
      multiplyAdds += turns * work.multiplyAdds;
      const { structure, family } = operationOf(op);
      // Sources cost nothing.
      if (structure.kind !== 'source') nanoseconds += turns * nanosecondsOf(rates[family], work);
      const block = blockOf(op);
      if (block !== null) count(block.body, turns * found(loopOf(op) ?? undefined, 'a loop').turns);
    }
  };
  count(program.body, 1);
  return { macs: multiplyAdds / examples, milliseconds: nanoseconds / 1e6 / examples };
}

const bytesPerExample = (program: TensorProgram, examples: number): number =>
  bytesAt(peakMemory(program, liveness(program), examples), examples) / examples;

/** Work for a batch of so many examples. */
export function workOf(op: Op, operands: readonly ProgramShape[], result: ProgramShape, examples: number): Work {
  const entriesOf = (shape: ProgramShape): number => dimAt(countOf(shape), examples);
  const counted = foldsEntries[operationOf(op).family] ? [...operands, result] : [result];
  return { multiplyAdds: dimAt(macsOf(op, operands), examples), entries: Math.max(...counted.map(entriesOf)) };
}

/** Whether many numbers become few: the time goes by those that are read. */
const foldsEntries: { readonly [Family in OpFamily]: boolean } = {
  free: false,
  elementwise: false,
  reduction: true,
  copy: false,
  gather: false,
  rows: false,
  matMul: false,
  conv2d: false,
  transposedConv2d: false,
  normsOfMaps: true,
  kernelGradient: false,
  estimate: true,
  draw: false,
  loop: false,
};

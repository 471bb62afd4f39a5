/**
 * What a candidate of the schedule costs: the sum over the program that it lowers to. It stands beside the stages, since the schedule
 * comes before the programs: `compile-graph.ts` hands it in.
 */
import type { DualNetwork } from './3-dual/dual.ts';
import type { CostOf } from './4-schedule/cost-of.ts';
import type { Cost } from './4-schedule/plan.ts';
import { nanosecondsOf, type Rates } from './4-schedule/rates/rate.ts';
import { wasmRates } from './4-schedule/rates/wasm.ts';
import { dimAt, type ProgramShape } from './5-program/dim.ts';
import { bytesAt } from './5-program/memory-size.ts';
import { effortOf, loopOf, macsOf, operationOf } from './5-program/op-table.ts';
import { blockOf } from './5-program/operands.ts';
import type { Instr, Op, TensorProgram } from './5-program/tensor-program.ts';
import { liveness } from './6-passes/liveness.ts';
import { peakMemory } from './6-passes/memory-model.ts';
import { candidatePrograms } from './candidate-programs.ts';
import { found } from './shared/assert.ts';
import type { ValueId } from './shared/ids.ts';

export function candidateCosts(dual: DualNetwork, rates: Rates = wasmRates): CostOf {
  const programOf = candidatePrograms(dual);
  return (bound, strategy, { arithmetic, examples }) => {
    const { macs, milliseconds } = programWork(programOf(bound, strategy, arithmetic), { examples, rates });
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

export interface CallSetting {
  readonly examples: number;
  readonly rates: Rates;
  /** Turns of a loop that are known only when it runs; null: as many as are expected. */
  readonly turnsOf?: (op: Op) => number | null;
  /** Whether what is made of parameters alone is there already. */
  readonly keepsDerived?: boolean;
}

/** Of one call for a batch, divided among its examples. */
export const programCost = (program: TensorProgram, setting: CallSetting): Cost => ({
  ...programWork(program, setting),
  bytesPerExample: bytesPerExample(program, setting.examples),
});

function programWork(program: TensorProgram, setting: CallSetting): Omit<Cost, 'bytesPerExample'> {
  const { examples, rates, turnsOf, keepsDerived = false } = setting;
  const shapes = new Map<ValueId, ProgramShape>();
  const ofParameters = new Set<ValueId>();
  let multiplyAdds = 0;
  let nanoseconds = 0;
  const count = (body: readonly Instr[], turns: number): void => {
    for (const { op, args, shape, out } of body) {
      shapes.set(out, shape);
      const { structure, family, madeOnce } = operationOf(op);
      // A reshaped one is still known.
      const isKnown = args.length > 0 && args.every(value => ofParameters.has(value));
      if (op.kind === 'param' || (isKnown && (madeOnce || op.kind === 'reshape'))) ofParameters.add(out);
      const operands = args.map(value => found(shapes.get(value), `shape of %${value}`));
      multiplyAdds += turns * dimAt(macsOf(op, operands), examples);
      const isThere = keepsDerived && isKnown && madeOnce;
      // Sources cost nothing.
      if (structure.kind !== 'source')
        nanoseconds +=
          turns *
          (isThere ? rates.free.perDispatch : nanosecondsOf(rates[family], effortOf(op, operands, shape, examples)));
      const block = blockOf(op);
      if (block !== null) count(block.body, turns * (turnsOf?.(op) ?? found(loopOf(op) ?? undefined, 'a loop').turns));
    }
  };
  count(program.body, 1);
  return { macs: multiplyAdds / examples, milliseconds: nanoseconds / 1e6 / examples };
}

const bytesPerExample = (program: TensorProgram, examples: number): number =>
  bytesAt(peakMemory(program, liveness(program), examples), examples) / examples;

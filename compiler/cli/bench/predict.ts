/** What the compiler says a function of a module costs: the prediction that is held against the clock. */

import type { Rates } from '../../4-schedule/rates/rate.ts';
import { bytesAt } from '../../5-program/memory-size.ts';
import { askedRows } from '../../5-program/operations/asked-rows.ts';
import { deadCode } from '../../6-passes/dead-code.ts';
import { programCost } from '../../candidate-cost.ts';
import type { Compiled } from '../../compile-graph.ts';
import { boundsIn, type ProgramName } from '../../programs.ts';
import { found, invariant } from '../../shared/assert.ts';

export interface Prediction {
  /** Of a call. */
  readonly multiplyAdds: number;
  /** Of a call. */
  readonly milliseconds: number;
  /** Most bytes of tensors at once. */
  readonly bytes: number;
}

/** @param turns of the loops that go by rows that are asked for, in their order, as they were in a call; null: as expected */
export function predict(
  compiled: Compiled,
  program: ProgramName | 'bounds',
  batch: number,
  rates: Rates,
  turns: readonly number[] | null = null,
): Prediction {
  const left = turns === null ? null : [...turns];
  const { macs, milliseconds } = programCost(partOf(compiled, program), {
    examples: batch,
    rates,
    turnsOf: op =>
      left !== null && Object.hasOwn(askedRows, op.kind) ? found(left.shift(), 'turns of a loop that ran') : null,
    keepsDerived: !changesParameters.has(program),
  });
  invariant(left === null || left.length === 0, 'more loops ran than the program has');
  return {
    multiplyAdds: macs * batch,
    milliseconds: milliseconds * batch,
    bytes: bytesAt(compiled.peakOf(program, batch), batch),
  };
}

const changesParameters: ReadonlySet<ProgramName | 'bounds'> = new Set(['naturalLoss', 'robustLoss']);

function partOf({ programs }: Compiled, name: ProgramName | 'bounds'): Compiled['programs'][ProgramName] {
  if (name !== 'bounds') return programs[name];
  const kept = new Set(boundsIn(programs.certificate));
  const outputs = Object.entries(programs.certificate.outputs).filter(([, value]) => kept.has(value));
  return deadCode.run({ ...programs.certificate, outputs: Object.fromEntries(outputs) });
}

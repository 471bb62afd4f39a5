/** Why a row of the bench is not measured: it would not fit, or not end. */
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { describeSeconds } from '../../../runtime/report/progress.ts';
import { type MemoryLimit, stepMemory } from '../memory-limits.ts';
import type { Subject } from './compile-strategies.ts';

export interface RowLimits {
  readonly memory: MemoryLimit;
  /** Bytes that the process takes already. */
  readonly resident: number;
  /** Seconds that one call may take, as foretold. */
  readonly longest: number;
  /** Whether times are foretold for this backend. */
  readonly ownRates: boolean;
}

/** Null for a row that is measured. */
export function refuseRow(subject: Subject, { memory, resident, longest, ownRates }: RowLimits): string | null {
  if (subject.sameAs !== null) return `is the same schedule as ${subject.sameAs}`;
  if (subject.what === 'bounds' && subject.model.meta.nonlinearities.length === 0)
    return 'has no bounds to compute: the network is linear';
  const bytes = neededBytes(subject);
  const beside = memory.tensorsOnly ? 0 : resident;
  if (bytes + beside > memory.bytes) {
    const others = beside === 0 ? '' : ` beside ${printBytes(beside)}`;
    return `would take ${printBytes(bytes)} of tensors${others}, more than ${memory.what}`;
  }
  const seconds = subject.prediction.milliseconds / 1000;
  return seconds > longest
    ? `would take some ${describeSeconds(seconds)} a call${ownRates ? '' : ' on WebAssembly'}, more than --longest ${longest}`
    : null;
}

/** A step also keeps the parameters and what Adam keeps of them. */
function neededBytes({ what, model, prediction }: Subject): number {
  if (what !== 'train') return prediction.bytes;
  const train = { ...model.meta.train, fixedBytes: prediction.bytes, bytesPerExample: 0 };
  return stepMemory([{ ...model.meta, train }], { kind: 'adam', weightDecay: 0 }, 1).fixedBytes;
}

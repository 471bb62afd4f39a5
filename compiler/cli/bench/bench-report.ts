/** What `dualc bench --json` prints. */
import type { ClockName } from '../../../runtime/bench/clocks.ts';
import type { Spread } from '../../../runtime/bench/spread.ts';

/** `bounds`: those of every nonlinearity; `certify`: these and the margins; `train`: loss, gradients and the update by Adam. */
export type Measured = 'forward' | 'bounds' | 'certify' | 'train';

export interface BenchRow {
  readonly what: Measured;
  /** Null for the forward pass, which needs no bounds. */
  readonly strategy: string | null;
  readonly batch: number;
  /** How each bound is computed: `relu1: closed form`. */
  readonly schedule: readonly string[];
  /** Why nothing was measured; null when something was. */
  readonly refused: string | null;
  readonly msPerExample: Spread | null;
  /**
   * As the compiler foretells it, for the rows that were undecided in a call; null on a backend that it has no rates of.
   */
  readonly predictedMsPerExample: number | null;
  /** Of the median: multiply-adds that the program asks for, two operations each, in 10⁹ per second. */
  readonly gflops: number | null;
  /** `gflops` against those of the backend's own product of matrices. */
  readonly shareOfMatMul: number | null;
  /** Most bytes of tensors at once, beyond what was there before the call; without the update of the parameters. */
  readonly peakBytes: number | null;
  readonly plannedBytes: number;
}

export interface BackendBench {
  readonly name: string;
  /** What it is, and why it was taken. */
  readonly reason: string;
  readonly threads: number;
  readonly matMul: { readonly size: number; readonly gflops: Spread } | null;
  readonly rows: readonly BenchRow[];
}

/** A backend that did not load, or did not come to an end. */
export interface FailedBackend {
  readonly name: string;
  readonly problem: string;
}

export interface BenchReport {
  readonly schema: 1;
  readonly dualc: string;
  readonly node: string;
  readonly cores: number;
  readonly architecture: string;
  readonly sourceHash: string;
  readonly weights: string;
  readonly images: string;
  /** In the units of the network's input. */
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  readonly rounds: number;
  /** What times are measured by. */
  readonly clock: ClockName;
  /** Whether every round was run to its end. */
  readonly complete: boolean;
  readonly backends: readonly (BackendBench | FailedBackend)[];
}

/** Null when one of them is not known. */
export const quotient = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined || b === 0 ? null : a / b;

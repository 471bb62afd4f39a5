/** What can be asked of a compilation. */

import type { Ball } from './2-graph/layer.ts';
import type { BoundsRequest } from './4-schedule/bounds-request.ts';
import type { ProbabilitySizes, ScaleEstimator } from './4-schedule/plan.ts';
import type { NamedRates } from './4-schedule/rates/rate.ts';
import { shippedRates } from './4-schedule/rates/shipped-rates.ts';

export interface CompileOptions {
  /** `--bounds`, parsed. */
  readonly requests: readonly BoundsRequest[];
  /** Columns of a sketch, and how their scale is estimated. */
  readonly projections: number;
  readonly estimator: ScaleEstimator;
  /** Of the schedule that certifies: what its estimates may fail with, and how they are made. Null: nothing is estimated. */
  readonly probability: ProbabilitySizes | null;
  /** Bytes that the tensors of one call may take, on a batch of `certifyBatch` or `trainBatch` examples. */
  readonly memoryBytes: number;
  readonly certifyBatch: number;
  readonly trainBatch: number;
  /** What predicted times, and so the choice of strategies, are made of. */
  readonly rates: NamedRates;
  /** `real` leaves the rounding terms out of the certificate: for comparisons in tests, a module of it certifies nothing. */
  readonly arithmetic: 'float32' | 'real';
  /** In place of the ball that the architecture names. */
  readonly ball: Ball | null;
  readonly language: 'ts' | 'js';
  /** Module specifiers in the emitted code: of TensorFlow.js as dualc has it, and of the runtime. */
  readonly tensors: string;
  readonly runtime: string;
  readonly command: string;
}

export const defaultOptions: CompileOptions = {
  requests: [],
  projections: 10,
  estimator: 'ml',
  probability: null,
  memoryBytes: 2 ** 29,
  certifyBatch: 8,
  trainBatch: 50,
  rates: shippedRates.wasm,
  arithmetic: 'float32',
  ball: null,
  language: 'ts',
  tensors: 'dualc/runtime/tensors',
  runtime: 'dualc/runtime',
  command: 'dualc compile',
};

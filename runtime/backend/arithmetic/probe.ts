/** What a probe is: one assumption of a certificate about the arithmetic of a backend, and how it is tested. */
import type { Measure } from './allowed-error.ts';
import type { Compute } from './probe-op.ts';

export interface Probe {
  readonly name: string;
  /** For people, one sentence: what has to hold. */
  readonly assumes: string;
  /** For people: the allowed error, a few words. */
  readonly allowed: string;
  /** For people: what may help when it does not hold. */
  readonly remedy?: string;
  /** Raises what `compute` raises. */
  readonly run: (compute: Compute) => Promise<Outcome>;
}

export interface Outcome {
  readonly worst: Measure;
  readonly findings?: readonly Finding[];
}

/** A property of a backend that no certificate depends on, and that people want to know. */
export interface Finding {
  readonly name: string;
  readonly value: string;
}

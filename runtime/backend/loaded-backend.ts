/** What loading one backend comes to. */
export interface Loaded {
  /** For people: the package, what it computes on. */
  readonly detail: string;
  readonly threads: number;
  /** Whether it uses vector instructions. */
  readonly simd: boolean;
  /** What somebody who asked for it may not know. */
  readonly warning?: string;
}

/** Whether this backend was asked for, or any that is fast will do. */
export type Demand = 'this' | 'any';

export interface NotLoaded {
  readonly problem: string;
}

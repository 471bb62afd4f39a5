/** What loading one backend comes to. */
export interface Loaded {
  /** For people: the package, what it computes on. */
  readonly detail: string;
  readonly threads: number;
  /** Whether it uses vector instructions. */
  readonly simd: boolean;
}

export interface NotLoaded {
  readonly problem: string;
}

/** What is used of WebGPU as the package `webgpu` gives it to Node. */

export interface AdapterInfo {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** Whether it computes on the CPU. */
  readonly isFallbackAdapter: boolean;
}

export interface Adapter {
  readonly info: AdapterInfo;
}

export interface Gpu {
  /** Null when no driver answers. */
  requestAdapter(options: { readonly powerPreference: 'high-performance' }): Promise<Adapter | null>;
}

/** The module `webgpu`. */
export interface Dawn {
  create(options: readonly string[]): Gpu;
  /** Classes and constants that a browser has among its globals. */
  readonly globals: Readonly<Record<string, unknown>>;
}

export type ErrorFilter = 'validation' | 'out-of-memory' | 'internal';

export interface Device {
  readonly lost: Promise<{ readonly message: string }>;
  pushErrorScope(filter: ErrorFilter): void;
  /** The first error since the scope was pushed. */
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

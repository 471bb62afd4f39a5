/** What dualc reads, and how large each may be: a file is refused before it fills the memory. */

export interface FileKind {
  readonly what: string;
  /** In bytes. */
  readonly largest: number;
}

export type FileKindName = 'architecture' | 'module' | 'runDescription' | 'rates' | 'tensors' | 'dataset';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

export const fileKinds: Readonly<Record<FileKindName, FileKind>> = {
  architecture: { what: 'an architecture file', largest: MiB },
  module: { what: 'a compiled module', largest: 256 * MiB },
  runDescription: { what: 'a run.json', largest: MiB },
  rates: { what: 'a file of measured rates', largest: MiB },
  /** Weights, checkpoints and examples, as safetensors or by PyTorch: 2 GiB, and the largest header that safetensors allow. */
  tensors: { what: 'a file of weights or examples', largest: 2 * GiB + 100_000_008 },
  /** As it lies on the disk; what gzip makes of it has the same limit. */
  dataset: { what: 'a file of a dataset', largest: GiB },
};

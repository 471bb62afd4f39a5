/** What every kind of checkpoint comes down to before its tensors are matched to a network. */
import type { Dtype } from '../weights/named-tensor.ts';

/** A tensor whose values are read only when a parameter of the network wants them. */
export interface SourceTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Row-major values; null when the type is no float. */
  floats(): Promise<Float32Array | null>;
}

export interface CheckpointSource {
  /** `PyTorch (zip)`, … */
  readonly format: string;
  readonly tensors: readonly SourceTensor[];
  /** Whether the tensors stand in the order in which the network was built. */
  readonly ordered: boolean;
  /** What was passed over, one sentence each. */
  readonly notes: readonly string[];
}

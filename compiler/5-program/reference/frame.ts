/** What the reference of an operation computes with. */
import type { Block } from '../tensor-program.ts';
import type { Float64Tensor } from './float64-tensor.ts';

/** A tensor; the value of `summedChunks` has `items` instead of entries. */
export interface Value extends Float64Tensor {
  readonly items?: readonly Float64Tensor[];
}

/** As many as the operation takes. */
export type Operands = readonly [Value, Value, Value, ...Value[]];

/** What operations read besides their operands. */
export interface Frame {
  readonly batchSize: number;
  /** The first row of the present chunk; 0 outside of chunk loops. */
  readonly start: number;
  readonly input: (name: string) => ArrayLike<number>;
  readonly param: (name: string) => ArrayLike<number>;
  readonly noise: (stream: string, distribution: 'cauchy' | 'normal', count: number) => ArrayLike<number>;
  /** The block's results, for a chunk that starts there. */
  readonly runBlock: (block: Block, start: number) => readonly Float64Tensor[];
}

/** What the reference of an operation computes with. */
import type { Block } from '../tensor-program.ts';
import type { Float64Tensor } from './float64-tensor.ts';

/** A tensor; the value of a loop with several results has `items` instead of entries. */
export interface Value extends Float64Tensor {
  readonly items?: readonly Float64Tensor[];
}

/** As many as the operation takes. */
export type Operands = readonly [Value, Value, Value, ...Value[]];

/** Which rows a chunk takes. */
export interface Turn {
  /** The first row of the present chunk, where chunks take one row behind the other; 0 outside of chunk loops. */
  readonly start: number;
  /** All of them, where the loop runs over a list. */
  readonly indices: readonly number[];
}

/** What operations read besides their operands. */
export interface Frame extends Turn {
  readonly batchSize: number;
  readonly input: (name: string) => ArrayLike<number>;
  readonly param: (name: string) => ArrayLike<number>;
  readonly noise: (stream: string, distribution: 'cauchy' | 'normal', count: number) => ArrayLike<number>;
  /** The block's results, for one chunk. */
  readonly runBlock: (block: Block, turn: Turn) => readonly Float64Tensor[];
}

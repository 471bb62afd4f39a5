/** What the probes compute: the operations that emitted modules are made of, with the attributes of the tensor program's operations. */

export type ProbeOp = SumOp | ElementwiseOp | ReductionOp | MovingOp;

/** Each entry of the result is a sum of products. */
export type SumOp =
  | { readonly kind: 'conv2d'; readonly strides: Pair; readonly padding: Four }
  | { readonly kind: 'transposedConv2d'; readonly inputSize: Pair; readonly strides: Pair; readonly padding: Four }
  | { readonly kind: 'conv2dKernelGradient'; readonly kernelSize: Pair; readonly strides: Pair; readonly padding: Four }
  | { readonly kind: 'matMul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** `(dual, weights) → [groups, rows]`, sums of `|dual| · weights`. */
  | { readonly kind: 'rowNorms'; readonly rows: number }
  /** Over the last axis. */
  | { readonly kind: 'sum' };

export type UnaryKind = 'neg' | 'abs' | 'relu' | 'step' | 'sign' | 'sqrt' | 'square';
/** `larger` is `where(greater(x, y), x, y)`. */
export type BinaryKind = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater' | 'larger';
/** The second operand may have fewer axes, down to none: it is repeated. */
export type ElementwiseOp = { readonly kind: UnaryKind } | { readonly kind: BinaryKind };

export type ReductionOp =
  /** Over the last axis. */
  | { readonly kind: 'max' }
  /** `sum(x · 0)` over the last axis, or over all of them: NaN when an entry is not finite. */
  | { readonly kind: 'poison'; readonly all: boolean };

export type MovingOp =
  /** Up to the backend and down again. */
  | { readonly kind: 'copy' }
  /** Of a matrix. */
  | { readonly kind: 'transpose' }
  /** The operand's entries are labels. */
  | { readonly kind: 'oneHot'; readonly depth: number };

/** Height, width. */
export type Pair = readonly [number, number];
/** Top, bottom, left, right. */
export type Four = readonly [number, number, number, number];

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Computes one operation on the backend under test. */
export type Compute = (op: ProbeOp, ...operands: readonly Numbers[]) => Promise<ArrayLike<number>>;

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/**
 * The tensor program: a straight line of tensor operations in SSA form. Operands are ids, shapes are static up to the batch.
 * Built by `builder.ts`, verified by `check-program.ts`, printed and parsed by `print-program.ts` and `parse-program.ts`,
 * run in float64 by `interpret.ts`.
 */
import type { PositionWindows } from '../../runtime/ops/slope-map-plan.ts';
import type { Pair, WindowView } from '../3-dual/dual.ts';
import type { ScaleEstimator } from '../4-schedule/plan.ts';
import type { LayerId, ValueId } from '../shared/ids.ts';
import type { SourceSpan } from '../shared/span.ts';
import type { ProgramShape } from './dim.ts';

/** Rows and columns added before a convolution: `[top, bottom, left, right]`. Always four numbers: no backend agrees on fewer. */
export type FourPads = readonly [number, number, number, number];
export interface ConvGeometry {
  readonly strides: readonly [number, number];
  readonly padding: FourPads;
}

export type UnaryKind = 'neg' | 'abs' | 'relu' | 'step' | 'sign' | 'sqrt' | 'square' | 'exp' | 'log';
export type BinaryKind = 'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum';

/** Attributes only; operands are in `Instr.args`. */
export type Op =
  /** The images `x`, the integer `labels`, the radius `epsilon` (shape `[]`). */
  | { readonly kind: 'input'; readonly name: 'x' | 'labels' | 'epsilon'; readonly shape: ProgramShape }
  | { readonly kind: 'param'; readonly name: string; readonly shape: ProgramShape }
  /** A number, shape `[]`. */
  | { readonly kind: 'constant'; readonly value: number }
  /** A short list of numbers, shape `[values.length]`. */
  | { readonly kind: 'vector'; readonly values: readonly number[] }
  /** The number of examples, shape `[]`. */
  | { readonly kind: 'batchSize' }
  /** Independent standard Cauchy or normal draws, a function of the call's key and the stream's name; so equal streams are equal values. */
  | {
      readonly kind: 'noise';
      readonly distribution: 'cauchy' | 'normal';
      readonly stream: string;
      readonly shape: ProgramShape;
    }
  /** Rows `start … start + size − 1` of an identity matrix of `rows`, each reshaped to `shape`: `[size, …shape]`. `start` is the chunk's, 0 outside a chunk. */
  | { readonly kind: 'unitRows'; readonly rows: number; readonly size: number; readonly shape: readonly number[] }
  /** Rows `start … start + size − 1` along `axis`, `start` as above. */
  | { readonly kind: 'chunkRows'; readonly axis: number; readonly size: number }
  | { readonly kind: UnaryKind }
  /** NumPy broadcasting. */
  | { readonly kind: BinaryKind }
  /** Its argument; no gradient flows through it. */
  | { readonly kind: 'detach' }
  | { readonly kind: 'sum' | 'max'; readonly axes: readonly number[]; readonly keepDims: boolean }
  /** `[batch] → [batch, depth]`. */
  | { readonly kind: 'oneHot'; readonly depth: number }
  | { readonly kind: 'reshape'; readonly shape: ProgramShape }
  /** `|x| + floor` of a parameter. */
  | { readonly kind: 'magnitudes'; readonly floor: number }
  | { readonly kind: 'transpose'; readonly perm: readonly number[] }
  /** Repeats along axes of size 1 and new leading axes until the shape is met. */
  | { readonly kind: 'broadcast'; readonly shape: ProgramShape }
  /** Rank 2, or rank 3 with equal leading dimension. */
  | { readonly kind: 'matMul'; readonly transposeA: boolean; readonly transposeB: boolean }
  /** `(x [n, H, W, C], kernel [kh, kw, C, F]) → [n, h, w, F]`. */
  | ({ readonly kind: 'conv2d' } & ConvGeometry)
  /** The adjoint of `conv2d` for its input: `(y [n, h, w, F], kernel [kh, kw, C, F]) → [n, H, W, C]`, `inputSize = [H, W]`. */
  | ({ readonly kind: 'transposedConv2d'; readonly inputSize: readonly [number, number] } & ConvGeometry)
  /** `rowNorms` of a `transposedConv2d`, without the maps: `(y, kernel, weights [groups, H, W, C]) → [groups, rows]`. */
  | ({
      readonly kind: 'transposedConv2dNorms';
      readonly inputSize: readonly [number, number];
      readonly rows: number;
    } & ConvGeometry)
  /**
   * `transposedConv2dNorms` of shared rows that are scaled by windows of slopes, with weights on windows too, one for each position of a
   * grid; neither windows nor rows are made: `(dual [rows, h, w, F], slopes [n, H, W, F], kernel [kh, kw, C, F], weights
   * [n, H', W', C]) → [n·positions, rows]`.
   */
  | ({
      readonly kind: 'slopeMapNorms';
      readonly rows: number;
      readonly inputSize: readonly [number, number];
    } & ConvGeometry &
      PositionWindows)
  /** The adjoint of `conv2d` for its kernel: `(x [n, H, W, C], y [n, h, w, F]) → [kh, kw, C, F]`. */
  | ({ readonly kind: 'conv2dKernelGradient'; readonly kernelSize: readonly [number, number] } & ConvGeometry)
  /**
   * `⟨weights, |row|⟩` for each row of a dual: `(dual [rows, …f] or [groups·rows, …f], weights [groups, …f]) → [groups, rows]`.
   * A dual without groups is shared by all of them.
   */
  | { readonly kind: 'rowNorms'; readonly rows: number }
  /** The adjoint of `rowNorms` for the dual, `sign(row) · weights` times the row's share: `(dual, weights, shares [groups, rows]) → dual`. */
  | { readonly kind: 'rowNormsGradient'; readonly rows: number }
  /** The adjoint of `rowNorms` for the weights, the sum of `|row|` times the row's share: `(dual, shares [groups, rows]) → [groups, …f]`. */
  | { readonly kind: 'rowNormsWeightGradient'; readonly rows: number }
  /** Each row times its group's factors: `(dual as above, factors [groups, …f]) → [groups·rows, …f]`. */
  | { readonly kind: 'scaledRows'; readonly rows: number }
  /** Sum over the rows of each group of `a · dual`: `(a [groups·rows, …f], dual as above) → [groups, …f]`. */
  | { readonly kind: 'rowProducts'; readonly rows: number }
  /**
   * Windows of a map, one for each position of a grid: window `(i, j)` starts at row `i·strides + offset`, and is 0 where it
   * leaves the map. `[n, H, W, C] → [n·count, …size, C]`; `count` windows from position `start / rowsPerWindow` on.
   */
  | ({
      readonly kind: 'windows';
      readonly grid: Pair;
      readonly rowsPerWindow: number;
      readonly count: number;
    } & WindowView)
  /** One behind the other along `axis`, which does not grow with the batch: any number of operands, alike along the other axes. */
  | { readonly kind: 'concat'; readonly axis: number }
  /** Entries `begin … begin + size − 1` along `axis`, which does not grow with the batch. */
  | { readonly kind: 'slice'; readonly axis: number; readonly begin: number; readonly size: number }
  /** Zeros around a tensor of up to four axes: for each axis, how many before its first entry and after its last. */
  | { readonly kind: 'pad'; readonly before: readonly number[]; readonly after: readonly number[] }
  /** Scale of the samples along axis 1: `[n, k, features] → [n, features]`. Bias corrected; see `runtime/ops/cauchy-scale.ts`. */
  | { readonly kind: 'cauchyScale'; readonly estimator: ScaleEstimator }
  /** `(samples [n, k, f], scale [n, f], upstream [n, f]) → [n, k, f]`: upstream times the derivative of the scale for each sample. */
  | { readonly kind: 'cauchyScaleGradient'; readonly estimator: ScaleEstimator }
  /**
   * The largest of the geometric means of so many groups of samples, `[n, groups·k, features] → [n, features]`. The samples are not negative, and `k`
   * of a group is a power of two: the mean is made of square roots. Nothing is corrected; what is not finite stays so.
   */
  | { readonly kind: 'geometricMeans'; readonly groups: number }
  /**
   * Runs its block for `start = 0, size, 2·size … rows − size` and joins the results along axis 1: `[batch, size] → [batch, rows]`.
   * Several results are taken apart by `item`; the shape is then `[]`, never used otherwise.
   */
  | { readonly kind: 'chunked'; readonly rows: number; readonly size: number; readonly block: Block }
  /**
   * As `chunked`, for those rows that are asked for: `(asked [batch, rows], 1 or 0) → [batch, rows]`, 0 for the others. A turn takes
   * `batch·size` of them at most, of whichever examples they are, and gives `[batch·size, 1]`. Where more than `batch·atMost` are asked for,
   * no row is taken at all.
   */
  | {
      readonly kind: 'chunkedWhere';
      readonly rows: number;
      readonly size: number;
      readonly atMost: number;
      readonly block: Block;
    }
  /** Beside a `chunkedWhere` that takes no row: `chunked` where more than `batch·atMost` rows are asked for, else 0. */
  | {
      readonly kind: 'chunkedUnless';
      readonly rows: number;
      readonly size: number;
      readonly atMost: number;
      readonly block: Block;
    }
  /** In `chunkedWhere` only: the rows of the turn, `[batch·size]` at most: row `r` of example `e` is `e·rows + r`. */
  | { readonly kind: 'chunkIndices'; readonly rows: number; readonly size: number }
  /** `(indices [n]) → [n, …shape]`: rows of the identity matrix of `rows`, at the indices modulo `rows`, each reshaped. */
  | { readonly kind: 'unitRowsAt'; readonly rows: number; readonly shape: readonly number[] }
  /** `(values [rows, …f], indices [n]) → [n, …f]`: the rows at the indices modulo their number. */
  | { readonly kind: 'rowsAt' }
  /** `(values [batch, …f], indices [n]) → [n, …f]`: for each row, by its index among all examples' `rows`, what its example has. */
  | { readonly kind: 'examplesAt'; readonly rows: number }
  /** `(map [batch, H, W, C], indices [n]) → [n, …size, C]`: as `windows`, for each row that of its position in its example's map. */
  | ({ readonly kind: 'windowsAt'; readonly grid: Pair; readonly rowsPerWindow: number } & WindowView)
  /** Runs its block for the same starts and adds up each of its results; `item` takes them apart. Shape `[]`, never used otherwise. */
  | { readonly kind: 'summedChunks'; readonly rows: number; readonly size: number; readonly block: Block }
  | { readonly kind: 'item'; readonly index: number; readonly shape: ProgramShape }
  /**
   * Runs its block once, where it stands; `item` takes the results apart. Made last, by `outline.ts`: equal ones become one function of the
   * emitted module. Values of `consumed` are read here for the last time, and may be freed inside. Those of `lent` are freed inside too, since
   * others in their place are, but read again: the block gets a copy of them.
   */
  | {
      readonly kind: 'outlined';
      readonly consumed: readonly ValueId[];
      readonly lent: readonly ValueId[];
      readonly block: Block;
    };

export type OpKind = Op['kind'];
export type OpOf<Kind extends OpKind> = Op extends infer Member
  ? Member extends { kind: infer K }
    ? Kind extends K
      ? Member & { kind: Kind }
      : never
    : never
  : never;

/** Where a value comes from; becomes the name, the comment and the function of the emitted code. */
export interface Origin {
  /** The emitted function that computes the value: `input`, `relu1`, `margins`, `loss`; `gradient:relu1` for its adjoint. */
  readonly section: string;
  /**
   * What the value is a step of, where the same steps are taken again elsewhere: `back from relu1`, the walk of some rows through what
   * lies behind a nonlinearity; `gradient of back from relu1`. Null for what stands by itself.
   */
  readonly part: string | null;
  /** The layer of the architecture, if any one. */
  readonly layer: LayerId | null;
  /** What the value is, in words that become its name: `centre`, `dual`, `slope`. */
  readonly role: string;
  /** The line of the architecture that asked for it. */
  readonly span: SourceSpan | null;
}

export interface Instr {
  readonly out: ValueId;
  readonly op: Op;
  readonly args: readonly ValueId[];
  readonly shape: ProgramShape;
  readonly origin: Origin;
}

/** The body of a chunk loop, or of what is outlined. It may use values defined before. */
export interface Block {
  readonly body: readonly Instr[];
  readonly results: readonly ValueId[];
}

export interface TensorProgram {
  /** `forward`, `margins`, `robustLoss`, … */
  readonly name: string;
  readonly body: readonly Instr[];
  readonly outputs: Readonly<Record<string, ValueId>>;
}

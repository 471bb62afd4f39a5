/** One row per operation: its entries in float64. */
import { found, InternalError } from '../../shared/assert.ts';
import type { BinaryKind, Block, Op, OpKind, OpOf, UnaryKind } from '../tensor-program.ts';
import { cauchyScale, cauchyScaleGradient } from './cauchy-scale.ts';
import { conv2d, conv2dKernelGradient, transposedConv2d } from './convolution.ts';
import { binaryFunctions, broadcast, combine, unaryFunctions } from './elementwise.ts';
import type { Float64Tensor } from './float64-tensor.ts';
import { matMul } from './matrix-product.ts';
import { joinColumns, oneHot, reduce, rowsFrom, transpose, unitRows } from './rearrange.ts';
import { rowNorms, rowProducts, scaledRows } from './rows.ts';
import { pad, windows } from './windows.ts';

/** A tensor; the value of `summedChunks` has `items` instead of entries. */
export interface Value extends Float64Tensor {
  readonly items?: readonly Float64Tensor[];
}

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

type Entries = ArrayLike<number>;
type Items = { readonly items: readonly Float64Tensor[] };
type Operands = readonly [Value, Value, Value];
type Kernel<Kind extends OpKind> = (
  op: OpOf<Kind>,
  operands: Operands,
  shape: readonly number[],
  frame: Frame,
) => Kind extends 'summedChunks' ? Items : Entries;

const unary: Kernel<UnaryKind> = (op, [x]) => x.data.map(entry => unaryFunctions[op.kind](entry));

const binary: Kernel<BinaryKind> = (op, [a, b], shape) => combine(a, b, shape, binaryFunctions[op.kind]);

const chunkStarts = (op: { readonly rows: number; readonly size: number }): number[] =>
  Array.from({ length: op.rows / op.size }, (_, chunk) => chunk * op.size);

function sumChunks(op: OpOf<'summedChunks'>, frame: Frame): Float64Tensor[] {
  const chunks = chunkStarts(op).map(start => frame.runBlock(op.block, start));
  return op.block.results.map((_, index) =>
    chunks
      .map(results => found(results[index], `result ${index}`))
      .reduce((a, b) => ({ shape: a.shape, data: a.data.map((entry, i) => entry + b.data[i]!) })),
  );
}

const table: { readonly [Kind in OpKind]: Kernel<Kind> } = {
  input: (op, _operands, _shape, frame) => frame.input(op.name),
  param: (op, _operands, _shape, frame) => frame.param(op.name),
  constant: op => [op.value],
  vector: op => op.values,
  batchSize: (_op, _operands, _shape, frame) => [frame.batchSize],
  noise: (op, _operands, shape, frame) =>
    frame.noise(
      op.stream,
      op.distribution,
      shape.reduce((product, size) => product * size, 1),
    ),
  unitRows: (op, _operands, _shape, frame) => unitRows(op.rows, frame.start, op.size),
  chunkRows: (op, [x], _shape, frame) => rowsFrom(x, op.axis, frame.start, op.size),
  neg: unary,
  abs: unary,
  relu: unary,
  step: unary,
  sign: unary,
  sqrt: unary,
  square: unary,
  exp: unary,
  log: unary,
  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  maximum: binary,
  minimum: binary,
  detach: (_op, [x]) => x.data,
  sum: (op, [x]) => reduce(x, op.axes, 0, (sum, entry) => sum + entry),
  max: (op, [x]) => reduce(x, op.axes, Number.NEGATIVE_INFINITY, Math.max),
  oneHot: (op, [labels]) => oneHot(labels, op.depth),
  reshape: (_op, [x]) => x.data,
  transpose: (op, [x], shape) => transpose(x, op.perm, shape),
  broadcast: (_op, [x], shape) => broadcast(x, shape),
  matMul: (op, [a, b], shape) => matMul(op, a, b, shape),
  conv2d: (op, [x, kernel], shape) => conv2d(op, x, kernel, shape),
  transposedConv2d: (op, [y, kernel], shape) => transposedConv2d(op, y, kernel, shape),
  conv2dKernelGradient: (op, [x, y], shape) => conv2dKernelGradient(op, x, y, shape),
  rowNorms: (op, [dual, weights], shape) => rowNorms(op.rows, dual, weights, shape),
  scaledRows: (op, [dual, factors]) => scaledRows(op.rows, dual, factors),
  rowProducts: (op, [a, dual], shape) => rowProducts(op.rows, a, dual, shape),
  windows: (op, [x], shape, frame) => windows(op, x, shape, frame.start / op.rowsPerWindow),
  pad: (op, [x], shape) => pad(op.padding, x, shape),
  cauchyScale: (op, [samples], shape) => cauchyScale(op.estimator, samples, shape),
  cauchyScaleGradient: (op, [samples, scale, upstream]) => cauchyScaleGradient(op.estimator, samples, scale, upstream),
  chunked: (op, _operands, shape, frame) =>
    joinColumns(
      chunkStarts(op).map(start => found(frame.runBlock(op.block, start)[0], 'result of the chunk')),
      shape,
    ),
  summedChunks: (op, _operands, _shape, frame) => ({ items: sumChunks(op, frame) }),
  item: (op, [chunks]) => found(chunks.items?.[op.index], `item ${op.index}`).data,
};

/** The operation's entries, or the items of a `summedChunks`. */
export function evaluateOp(
  op: Op,
  operands: readonly Value[],
  shape: readonly number[],
  frame: Frame,
): Entries | Items {
  const kernel = table[op.kind] as (...args: unknown[]) => Entries | Items;
  if (kernel === undefined) throw new InternalError(`no reference kernel for ${op.kind}`);
  return kernel(op, operands, shape, frame);
}

/**
 * The adjoint of every operation: from the gradient of the loss for an instruction's result (`upstream`) to the gradients
 * for its operands, null for an operand through which none flows. Derivatives at kinks: 0 for `abs` and `relu` at 0.
 */
import type { ProgramBuilder } from '../5-program/builder.ts';
import { type Dim, type ProgramShape, sameDims } from '../5-program/dim.ts';
import type { Instr, OpKind, OpOf } from '../5-program/tensor-program.ts';
import { found, InternalError } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';

type Adjoints = readonly (ValueId | null)[];
export interface InstrOf<Kind extends OpKind> extends Instr {
  readonly op: OpOf<Kind>;
}
type GradientRule<Kind extends OpKind> = (b: ProgramBuilder, instr: InstrOf<Kind>, upstream: ValueId) => Adjoints;

/** `chunked` is differentiated by the pass itself, which alone can enter a block. */
export type RuledKind = Exclude<OpKind, 'chunked'>;

const arg = (instr: Instr, index: number): ValueId => found(instr.args[index], `operand ${index} of %${instr.out}`);

/** Sums a gradient over the axes along which the operand was repeated. */
export function unbroadcast(b: ProgramBuilder, gradient: ValueId, shape: ProgramShape): ValueId {
  const full = b.shapeOf(gradient);
  if (sameDims(full, shape)) return gradient;
  const offset = full.length - shape.length;
  const axes = full.flatMap((dim, axis) => (axis < offset || shape[axis - offset] !== dim ? [axis] : []));
  return b.reshape(b.sum(gradient, axes), shape);
}

const toOperand = (b: ProgramBuilder, instr: Instr, index: number, gradient: ValueId): ValueId =>
  unbroadcast(b, gradient, b.shapeOf(arg(instr, index)));

const flat: GradientRule<RuledKind> = (_b, instr) => instr.args.map(() => null);
const impossible: GradientRule<RuledKind> = (_b, instr) => {
  throw new InternalError(`${instr.op.kind} appears in gradients only and has none of its own`);
};

/** The larger (or, with the operands swapped, the smaller) of two takes the whole gradient; at a tie neither does. */
const ofExtreme =
  (sign: 1 | -1): GradientRule<'maximum' | 'minimum'> =>
  (b, instr, upstream) => {
    const [x, y] = [arg(instr, 0), arg(instr, 1)];
    const where = (greater: ValueId, less: ValueId): ValueId => b.unary('step', b.binary('sub', greater, less));
    const [first, second] = sign === 1 ? [where(x, y), where(y, x)] : [where(y, x), where(x, y)];
    return [
      toOperand(b, instr, 0, b.binary('mul', upstream, first)),
      toOperand(b, instr, 1, b.binary('mul', upstream, second)),
    ];
  };

function ofSum(b: ProgramBuilder, instr: InstrOf<'sum'>, upstream: ValueId): Adjoints {
  const shape = b.shapeOf(arg(instr, 0));
  const kept = shape.map((dim, axis) => (instr.op.axes.includes(axis) ? 1 : dim));
  return [b.append({ kind: 'broadcast', shape }, [b.reshape(upstream, kept)])];
}

function ofMatMul(b: ProgramBuilder, instr: InstrOf<'matMul'>, upstream: ValueId): Adjoints {
  const [x, y] = [arg(instr, 0), arg(instr, 1)];
  const { transposeA, transposeB } = instr.op;
  const first = transposeA
    ? b.matMul(y, upstream, { a: transposeB, b: true })
    : b.matMul(upstream, y, { b: !transposeB });
  const second = transposeB
    ? b.matMul(upstream, x, { a: true, b: transposeA })
    : b.matMul(x, upstream, { a: !transposeA });
  return [first, second];
}

/** A dual seen as `[groups or 1, rows, features]`, and per-group values as `[groups, 1, features]`. */
function grouped(
  b: ProgramBuilder,
  instr: InstrOf<'rowNorms' | 'scaledRows'>,
): { dual: ValueId; values: ValueId; shared: boolean; size: number; groups: Dim } {
  const { rows } = instr.op;
  const [dual, values] = [arg(instr, 0), arg(instr, 1)];
  const shape = b.shapeOf(values);
  const size = shape.slice(1).reduce<number>((product, dim) => product * Number(dim), 1);
  const groups = found(shape[0], 'groups');
  const shared = b.shapeOf(dual)[0] === rows;
  return {
    dual: b.reshape(dual, [shared ? 1 : groups, rows, size]),
    values: b.reshape(values, [groups, 1, size]),
    shared,
    size,
    groups,
  };
}

/** `⟨w, |ν|⟩`: to `ν` goes `sign(ν)·w` times its row's share, to `w` the `|ν|` of all rows, each times its share. */
function ofRowNorms(b: ProgramBuilder, instr: InstrOf<'rowNorms'>, upstream: ValueId): Adjoints {
  const { dual, values, shared, groups, size } = grouped(b, instr);
  const { rows } = instr.op;
  const shape = b.shapeOf(arg(instr, 0));
  const valueShape = b.shapeOf(arg(instr, 1));
  const sign = b.unary('sign', arg(instr, 0));
  if (shared) {
    const magnitudes = b.reshape(b.unary('abs', arg(instr, 0)), [rows, size]);
    const weights = b.reshape(values, [groups, size]);
    const toDual = b.reshape(b.matMul(upstream, weights, { a: true }), shape);
    return [b.binary('mul', sign, toDual), b.reshape(b.matMul(upstream, magnitudes), valueShape)];
  }
  const shares = b.reshape(upstream, [groups, rows, 1]);
  const toDual = b.reshape(b.binary('mul', shares, values), shape);
  const toWeights = b.sum(b.binary('mul', b.unary('abs', dual), shares), [1]);
  return [b.binary('mul', sign, toDual), b.reshape(toWeights, valueShape)];
}

/** The adjoint scales by the same factors; a shared dual gets the sum over the groups. */
function ofScaledRows(b: ProgramBuilder, instr: InstrOf<'scaledRows'>, upstream: ValueId): Adjoints {
  const { rows } = instr.op;
  const [dual, factors] = [arg(instr, 0), arg(instr, 1)];
  const scaled = b.append({ kind: 'scaledRows', rows }, [upstream, factors]);
  const toFactors = b.append({ kind: 'rowProducts', rows }, [upstream, dual]);
  const { shared, groups, size } = grouped(b, instr);
  const toDual = shared ? b.reshape(b.sum(b.reshape(scaled, [groups, rows, size]), [0]), b.shapeOf(dual)) : scaled;
  return [toDual, toFactors];
}

function inverse(perm: readonly number[]): number[] {
  const result = [...perm];
  for (const [to, from] of perm.entries()) result[from] = to;
  return result;
}

/** Rows go back to where they were cut from: `Eᵀ g` with the chunk's unit rows `E`. */
function ofChunkRows(b: ProgramBuilder, instr: InstrOf<'chunkRows'>, upstream: ValueId): Adjoints {
  const shape = b.shapeOf(arg(instr, 0));
  const rows = shape[instr.op.axis];
  if (instr.op.axis !== 0 || shape.length !== 2 || typeof rows !== 'number')
    throw new InternalError('rows of a matrix only');
  const places = b.append({ kind: 'unitRows', rows, size: instr.op.size, shape: [rows] });
  return [b.matMul(places, upstream, { a: true })];
}

export const gradientRules: { readonly [Kind in RuledKind]: GradientRule<Kind> } = {
  input: flat,
  param: flat,
  constant: flat,
  vector: flat,
  batchSize: flat,
  noise: flat,
  unitRows: flat,
  step: flat,
  sign: flat,
  detach: flat,
  oneHot: flat,
  chunkRows: ofChunkRows,
  neg: (b, _instr, upstream) => [b.unary('neg', upstream)],
  abs: (b, instr, upstream) => [b.binary('mul', upstream, b.unary('sign', arg(instr, 0)))],
  relu: (b, instr, upstream) => [b.binary('mul', upstream, b.unary('step', arg(instr, 0)))],
  sqrt: (b, instr, upstream) => [b.binary('div', b.binary('mul', upstream, b.constant(0.5)), instr.out)],
  square: (b, instr, upstream) => [b.binary('mul', upstream, b.binary('mul', arg(instr, 0), b.constant(2)))],
  exp: (b, instr, upstream) => [b.binary('mul', upstream, instr.out)],
  log: (b, instr, upstream) => [b.binary('div', upstream, arg(instr, 0))],
  add: (b, instr, upstream) => [toOperand(b, instr, 0, upstream), toOperand(b, instr, 1, upstream)],
  sub: (b, instr, upstream) => [toOperand(b, instr, 0, upstream), b.unary('neg', toOperand(b, instr, 1, upstream))],
  mul: (b, instr, upstream) => [
    toOperand(b, instr, 0, b.binary('mul', upstream, arg(instr, 1))),
    toOperand(b, instr, 1, b.binary('mul', upstream, arg(instr, 0))),
  ],
  div(b, instr, upstream) {
    const quotient = b.binary('div', upstream, arg(instr, 1));
    return [
      toOperand(b, instr, 0, quotient),
      toOperand(b, instr, 1, b.unary('neg', b.binary('mul', quotient, instr.out))),
    ];
  },
  maximum: ofExtreme(1),
  minimum: ofExtreme(-1),
  sum: ofSum,
  max: impossible,
  reshape: (b, instr, upstream) => [b.reshape(upstream, b.shapeOf(arg(instr, 0)))],
  transpose: (b, instr, upstream) => [b.transpose(upstream, inverse(instr.op.perm))],
  broadcast: (b, instr, upstream) => [toOperand(b, instr, 0, upstream)],
  matMul: ofMatMul,
  conv2d(b, instr, upstream) {
    const [x, kernel] = [arg(instr, 0), arg(instr, 1)];
    const { strides, padding } = instr.op;
    const [, height, width] = b.shapeOf(x) as number[];
    const [kernelHeight, kernelWidth] = b.shapeOf(kernel) as number[];
    const inputSize = [height ?? 0, width ?? 0] as const;
    const kernelSize = [kernelHeight ?? 0, kernelWidth ?? 0] as const;
    return [
      b.append({ kind: 'transposedConv2d', strides, padding, inputSize }, [upstream, kernel]),
      b.append({ kind: 'conv2dKernelGradient', strides, padding, kernelSize }, [x, upstream]),
    ];
  },
  transposedConv2d(b, instr, upstream) {
    const [y, kernel] = [arg(instr, 0), arg(instr, 1)];
    const { strides, padding } = instr.op;
    const [kernelHeight, kernelWidth] = b.shapeOf(kernel) as number[];
    const kernelSize = [kernelHeight ?? 0, kernelWidth ?? 0] as const;
    return [
      b.append({ kind: 'conv2d', strides, padding }, [upstream, kernel]),
      b.append({ kind: 'conv2dKernelGradient', strides, padding, kernelSize }, [upstream, y]),
    ];
  },
  conv2dKernelGradient: impossible,
  rowNorms: ofRowNorms,
  scaledRows: ofScaledRows,
  rowProducts: impossible,
  windows: impossible,
  pad: impossible,
  cauchyScale: (b, instr, upstream) => [
    b.append({ kind: 'cauchyScaleGradient', estimator: instr.op.estimator }, [arg(instr, 0), instr.out, upstream]),
  ],
  cauchyScaleGradient: impossible,
  summedChunks: impossible,
  item: impossible,
};

/**
 * One row per operation: how many operands, what shape comes out, what it costs, which TensorFlow.js kernels it runs on.
 * A new operation is a row here, in `interpret.ts`, in `6-passes/gradient-rules.ts` and in `7-emit/print-op.ts`; `tsc` names what is missing.
 */
import { InternalError } from '../shared/assert.ts';
import { broadcastShapes, countOf, type Dim, type ProgramShape, printDims, sameDims, timesDim } from './dim.ts';
import type { BinaryKind, ConvGeometry, Op, OpKind, OpOf, UnaryKind } from './tensor-program.ts';

export interface OpRule<Kind extends OpKind = OpKind> {
  readonly arity: number;
  readonly infer: (op: OpOf<Kind>, args: readonly ProgramShape[]) => ProgramShape;
  /** Multiply-adds, as a dimension: a number, or a number times the batch. Zero for what only touches each entry. */
  readonly macs?: (op: OpOf<Kind>, args: readonly ProgramShape[]) => Dim;
  /** Names in the kernel registry of TensorFlow.js. */
  readonly kernels: readonly string[];
}

const refuse = (what: string): never => {
  throw new InternalError(what);
};

const dim = (shape: ProgramShape | undefined, axis: number): Dim => shape?.[axis] ?? refuse(`no axis ${axis}`);

const unary = <Kind extends UnaryKind>(kernel: string): OpRule<Kind> => ({
  arity: 1,
  infer: (_op, [x]) => x ?? refuse('no operand'),
  kernels: [kernel],
});

const binary = <Kind extends BinaryKind>(kernel: string): OpRule<Kind> => ({
  arity: 2,
  infer: (op, [a, b]) =>
    broadcastShapes(a ?? [], b ?? []) ?? refuse(`${op.kind} of ${printDims(a ?? [])} and ${printDims(b ?? [])}`),
  kernels: [kernel],
});

const reduction = (kernel: string): OpRule<'sum' | 'max'> => ({
  arity: 1,
  infer: (op, [x]) =>
    (x ?? []).flatMap((size, axis): ProgramShape => (op.axes.includes(axis) ? (op.keepDims ? [1] : []) : [size])),
  kernels: [kernel],
});

/** Height or width of a convolution's output. */
export const convOutputSize = (input: number, kernel: number, stride: number, before: number, after: number): number =>
  Math.floor((input + before + after - kernel) / stride) + 1;

function convOutput({ strides, padding }: ConvGeometry, x: ProgramShape, kernel: ProgramShape): ProgramShape {
  const [n, height, width, channels] = [dim(x, 0), dim(x, 1), dim(x, 2), dim(x, 3)];
  const [kernelHeight, kernelWidth, inChannels, filters] = [
    dim(kernel, 0),
    dim(kernel, 1),
    dim(kernel, 2),
    dim(kernel, 3),
  ];
  if (channels !== inChannels) refuse(`conv2d of ${printDims(x)} with a kernel ${printDims(kernel)}`);
  const [top, bottom, left, right] = padding;
  return [
    n,
    convOutputSize(height as number, kernelHeight as number, strides[0], top, bottom),
    convOutputSize(width as number, kernelWidth as number, strides[1], left, right),
    filters,
  ];
}

const product = (dims: readonly Dim[]): Dim => dims.reduce<Dim>(timesDim, 1);

function matMulShape(op: OpOf<'matMul'>, [a = [], b = []]: readonly ProgramShape[]): ProgramShape {
  const rank = a.length;
  const [rowsA, innerA] = op.transposeA ? [dim(a, rank - 1), dim(a, rank - 2)] : [dim(a, rank - 2), dim(a, rank - 1)];
  const [innerB, columnsB] = op.transposeB
    ? [dim(b, rank - 1), dim(b, rank - 2)]
    : [dim(b, rank - 2), dim(b, rank - 1)];
  if (b.length !== rank || innerA !== innerB || (rank === 3 && a[0] !== b[0]))
    refuse(`matMul of ${printDims(a)} and ${printDims(b)}`);
  return rank === 3 ? [dim(a, 0), rowsA, columnsB] : [rowsA, columnsB];
}

/** `groups`, from `groups · rows`. */
function perGroup(leading: Dim, rows: number): Dim {
  const factor = typeof leading === 'number' ? leading : Number(leading.slice(0, -1));
  if (factor % rows !== 0) refuse(`${leading} rows do not come in groups of ${rows}`);
  return typeof leading === 'number' ? factor / rows : `${factor / rows}b`;
}

/** A dual of `rows` rows, in groups or shared by them, and something with one entry per group and feature. */
function checkRows(op: { readonly rows: number }, dual: ProgramShape, grouped: ProgramShape): void {
  const leading = dual[0];
  const fits = leading === op.rows || leading === timesDim(dim(grouped, 0), op.rows);
  if (!fits || !sameDims(dual.slice(1), grouped.slice(1)))
    refuse(`${op.rows} rows of ${printDims(dual)} with ${printDims(grouped)}`);
}

const source = { arity: 0, kernels: [] } as const;

/** All three estimators together. */
const scaleKernels: readonly string[] = [
  ...['Abs', 'Add', 'ClipByValue', 'Exp', 'ExpandDims', 'Log', 'Mean', 'Multiply', 'RealDiv', 'Relu'],
  ...['Reshape', 'Slice', 'Sqrt', 'Square', 'Step', 'Sub', 'Sum', 'TopK', 'Transpose'],
];

export const opTable: { readonly [Kind in OpKind]: OpRule<Kind> } = {
  input: { ...source, infer: op => op.shape },
  param: { ...source, infer: op => op.shape },
  constant: { ...source, infer: () => [] },
  vector: { ...source, infer: op => [op.values.length] },
  batchSize: { ...source, infer: () => [] },
  noise: { ...source, infer: op => op.shape },
  unitRows: {
    ...source,
    infer: op => [op.size, ...op.shape],
    kernels: ['Range', 'OneHot', 'Cast', 'Slice', 'Reshape'],
  },
  chunkRows: {
    arity: 1,
    infer: (op, [x]) => (x ?? []).map((size, axis) => (axis === op.axis ? op.size : size)),
    kernels: ['Slice'],
  },
  neg: unary('Neg'),
  abs: unary('Abs'),
  relu: unary('Relu'),
  step: unary('Step'),
  sign: unary('Sign'),
  sqrt: unary('Sqrt'),
  square: unary('Square'),
  exp: unary('Exp'),
  log: unary('Log'),
  add: binary('Add'),
  sub: binary('Sub'),
  mul: binary('Multiply'),
  div: binary('RealDiv'),
  maximum: binary('Maximum'),
  minimum: binary('Minimum'),
  detach: { arity: 1, infer: (_op, [x]) => x ?? refuse('no operand'), kernels: ['Identity'] },
  sum: reduction('Sum'),
  max: reduction('Max'),
  oneHot: {
    arity: 1,
    infer: (op, [labels]) => [...(labels ?? []), op.depth],
    kernels: ['OneHot', 'Cast', 'Slice', 'Sum', 'RealDiv'],
  },
  reshape: {
    arity: 1,
    infer: (op, [x]) =>
      countOf(x ?? []) === countOf(op.shape)
        ? op.shape
        : refuse(`reshape of ${printDims(x ?? [])} to ${printDims(op.shape)}`),
    kernels: ['Reshape'],
  },
  transpose: { arity: 1, infer: (op, [x]) => op.perm.map(axis => dim(x, axis)), kernels: ['Transpose'] },
  broadcast: {
    arity: 1,
    infer: (op, [x]) =>
      sameDims(broadcastShapes(x ?? [], op.shape) ?? [], op.shape)
        ? op.shape
        : refuse(`broadcast of ${printDims(x ?? [])} to ${printDims(op.shape)}`),
    kernels: ['Tile', 'Reshape', 'Fill'],
  },
  matMul: {
    arity: 2,
    infer: matMulShape,
    macs: (op, args) =>
      product([...matMulShape(op, args), dim(args[0], (args[0]?.length ?? 0) - (op.transposeA ? 2 : 1))]),
    kernels: ['BatchMatMul', 'Transpose', 'Multiply', 'Reshape'],
  },
  conv2d: {
    arity: 2,
    infer: (op, [x = [], kernel = []]) => convOutput(op, x, kernel),
    macs: (op, [x = [], kernel = []]) => product([...convOutput(op, x, kernel), ...kernel.slice(0, 3)]),
    kernels: ['Conv2D'],
  },
  transposedConv2d: {
    arity: 2,
    infer(op, [y = [], kernel = []]) {
      const x = [dim(y, 0), ...op.inputSize, dim(kernel, 2)];
      return sameDims(convOutput(op, x, kernel), y)
        ? x
        : refuse(`transposedConv2d of ${printDims(y)} to ${printDims(x)}`);
    },
    macs: (_op, [y = [], kernel = []]) => product([...y, ...kernel.slice(0, 3)]),
    kernels: ['Conv2D', 'GatherV2', 'PadV2', 'Transpose', 'Slice', 'Concat', 'Reshape', 'Fill'],
  },
  conv2dKernelGradient: {
    arity: 2,
    infer(op, [x = [], y = []]) {
      const kernel = [...op.kernelSize, dim(x, 3), dim(y, 3)];
      return sameDims(convOutput(op, x, kernel), y)
        ? kernel
        : refuse(`conv2dKernelGradient of ${printDims(x)} and ${printDims(y)}`);
    },
    macs: (op, [x = [], y = []]) => product([...y, ...op.kernelSize, dim(x, 3)]),
    kernels: ['Conv2D', 'Transpose', 'Slice', 'Fill'],
  },
  rowNorms: {
    arity: 2,
    infer: (op, [dual = [], weights = []]) => {
      checkRows(op, dual, weights);
      return [dim(weights, 0), op.rows];
    },
    macs: (_op, [dual = []]) => product(dual),
    kernels: ['Abs', 'Multiply', 'Sum', 'BatchMatMul', 'Transpose', 'Reshape'],
  },
  scaledRows: {
    arity: 2,
    infer: (op, [dual = [], factors = []]) => {
      checkRows(op, dual, factors);
      return [timesDim(dim(factors, 0), op.rows), ...factors.slice(1)];
    },
    kernels: ['Multiply', 'Reshape'],
  },
  rowProducts: {
    arity: 2,
    infer(op, [a = [], dual = []]) {
      const groups = perGroup(dim(a, 0), op.rows);
      const grouped = [groups, ...a.slice(1)];
      checkRows(op, dual, grouped);
      return grouped;
    },
    kernels: ['Multiply', 'Sum', 'Reshape'],
  },
  windows: {
    arity: 1,
    infer: (op, [x]) => [timesDim(dim(x, 0), op.count), ...op.size, dim(x, 3)],
    kernels: ['PadV2', 'GatherV2', 'Reshape'],
  },
  pad: {
    arity: 1,
    infer(op, [x]) {
      const [top, bottom, left, right] = op.padding;
      return [dim(x, 0), (dim(x, 1) as number) + top + bottom, (dim(x, 2) as number) + left + right, dim(x, 3)];
    },
    kernels: ['PadV2'],
  },
  cauchyScale: {
    arity: 1,
    infer: (_op, [samples = []]) => [dim(samples, 0), dim(samples, 2)],
    kernels: scaleKernels,
  },
  cauchyScaleGradient: {
    arity: 3,
    infer: (_op, [samples]) => samples ?? refuse('no operand'),
    kernels: [...scaleKernels, 'Sign', 'AddN'],
  },
  chunked: {
    arity: 0,
    infer(op) {
      const rows = op.block.body.find(instr => instr.out === op.block.results[0])?.shape;
      return rows?.length === 2 && rows[1] === op.size
        ? [dim(rows, 0), op.rows]
        : refuse('a chunk that does not give [batch, size]');
    },
    kernels: ['Concat'],
  },
  summedChunks: { arity: 0, infer: () => [], kernels: ['Add', 'Identity'] },
  item: { arity: 1, infer: op => op.shape, kernels: [] },
};

const ruleOf = (op: Op): OpRule => opTable[op.kind] as unknown as OpRule;

/** The shape of the result; an internal error when the operands do not fit. */
export const inferShape = (op: Op, args: readonly ProgramShape[]): ProgramShape => ruleOf(op).infer(op as never, args);

/** Multiply-adds of one instruction, without the body of a chunk loop. */
export const macsOf = (op: Op, args: readonly ProgramShape[]): Dim => ruleOf(op).macs?.(op as never, args) ?? 0;

export const arityOf = (op: Op): number => ruleOf(op).arity;
export const kernelsOf = (op: Op): readonly string[] => ruleOf(op).kernels;

const sourceKinds: ReadonlySet<OpKind> = new Set<OpKind>(['input', 'param', 'constant', 'vector', 'batchSize']);

/** Values that are there before the program starts: they cost nothing and are printed where they are used. */
export const isSource = (op: Op): boolean => sourceKinds.has(op.kind);

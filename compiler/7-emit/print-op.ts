/** One row per operation: the TensorFlow.js expression that computes it. Nothing here decides anything. */
import { type Dim, dimAt, hasBatch, type ProgramShape, printDim } from '../5-program/dim.ts';
import type { BinaryKind, ConvGeometry, Instr, Op, OpKind, OpOf, UnaryKind } from '../5-program/tensor-program.ts';
import { InternalError } from '../shared/assert.ts';
import { type WithLiterals, withLiterals } from './op-literals.ts';
import type { RuntimeSymbol } from './runtime-symbols.ts';
import { type Code, fromCode, lineComment, printNumber } from './safe-text.ts';
import type { Given } from './section-names.ts';

export interface OpPrinter {
  /** Notes that the module needs the symbol, and gives its name. */
  readonly runtime: (symbol: RuntimeSymbol) => Code;
}

type Row<Kind extends OpKind> = (
  op: WithLiterals<OpOf<Kind>>,
  args: readonly Code[],
  printer: OpPrinter,
  shape: ProgramShape,
) => string;

/** Operations that need more than one line are printed by `print-function.ts`. */
export type ExpressionKind = Exclude<OpKind, 'chunked' | 'summedChunks'>;

const call = (name: string, ...args: readonly string[]): string => `${name}(${args.join(', ')})`;
const list = (values: readonly (number | string)[]): string => `[${values.join(', ')}]`;

/** A shape with the batch left open: TensorFlow.js works it out. */
const openShape = (shape: ProgramShape): string => list(shape.map(dim => (typeof dim === 'number' ? dim : -1)));
const batchDim = (dim: Dim): string =>
  typeof dim === 'number' ? String(dim) : dim === '1b' ? 'batch' : `${dimAt(dim, 1)} * batch`;
const closedShape = (shape: ProgramShape): string => list(shape.map(batchDim));

const unary =
  <Kind extends UnaryKind>(name: string): Row<Kind> =>
  (_op, [x = '']) =>
    call(`tf.${name}`, x);
const binary =
  <Kind extends BinaryKind>(name: string, symbol = ''): Row<Kind> =>
  (_op, [x = '', y = '']) =>
    symbol !== '' && isHostNumber(x) && isHostNumber(y)
      ? `${inParentheses(x)} ${symbol} ${inParentheses(y)}`
      : call(`tf.${name}`, x, y);

const geometry = ({ strides, padding }: ConvGeometry): string[] => [list(strides), list(padding)];
const inBlockOnly = (): never => {
  throw new InternalError('a value without an expression of its own');
};

const rows: { readonly [Kind in ExpressionKind]: Row<Kind> } = {
  input: op => op.name,
  param: op => `p[${op.name}]`,
  constant: op => printNumber(op.value),
  vector: op => call('tf.tensor1d', list(op.values.map(printNumber))),
  batchSize: () => 'batch',
  noise: (op, _args, printer) =>
    call(
      printer.runtime(op.distribution === 'cauchy' ? 'cauchyNoise' : 'normalNoise'),
      'key',
      op.stream,
      openShape(op.shape),
    ),
  unitRows: (op, _args, printer) =>
    call(
      printer.runtime('unitRows'),
      op.size === op.rows ? '0' : 'start',
      String(op.size),
      String(op.rows),
      list(op.shape),
    ),
  chunkRows(op, [x = ''], _printer, shape) {
    const begin = shape.map((_dim, axis) => (axis === op.axis ? 'start' : 0));
    const size = shape.map((_dim, axis) => (axis === op.axis ? op.size : -1));
    return call('tf.slice', x, list(begin), list(size));
  },
  neg: unary('neg'),
  abs: unary('abs'),
  relu: unary('relu'),
  step: unary('step'),
  sign: unary('sign'),
  sqrt: unary('sqrt'),
  square: unary('square'),
  exp: unary('exp'),
  log: unary('log'),
  add: binary('add', '+'),
  sub: binary('sub', '-'),
  mul: binary('mul', '*'),
  div: binary('div', '/'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  detach: (_op, [x = '']) => x,
  sum: (op, [x = '']) => call('tf.sum', x, list(op.axes), ...(op.keepDims ? ['true'] : [])),
  max: (op, [x = '']) => call('tf.max', x, list(op.axes), ...(op.keepDims ? ['true'] : [])),
  oneHot: (op, [labels = ''], printer) => call(printer.runtime('oneHot'), labels, String(op.depth)),
  reshape: (op, [x = '']) => call('tf.reshape', x, openShape(op.shape)),
  transpose: (op, [x = '']) => call('tf.transpose', x, list(op.perm)),
  broadcast: (op, [x = '']) =>
    isHostNumber(x) ? call('tf.fill', closedShape(op.shape), x) : call('tf.broadcastTo', x, closedShape(op.shape)),
  matMul: (op, [x = '', y = ''], printer) =>
    call(
      printer.runtime('matMul'),
      x,
      y,
      ...(op.transposeA || op.transposeB ? [String(op.transposeA)] : []),
      ...(op.transposeB ? ['true'] : []),
    ),
  conv2d: (op, [x = '', kernel = ''], printer) => call(printer.runtime('conv2d'), x, kernel, ...geometry(op)),
  transposedConv2d: (op, [y = '', kernel = ''], printer) =>
    call(printer.runtime('transposedConv2d'), y, kernel, list(op.inputSize), ...geometry(op)),
  conv2dKernelGradient: (op, [x = '', y = ''], printer) =>
    call(printer.runtime('conv2dKernelGradient'), x, y, list(op.kernelSize), ...geometry(op)),
  rowNorms: (op, [dual = '', weights = ''], printer) =>
    call(printer.runtime('rowNorms'), dual, weights, String(op.rows)),
  scaledRows: (op, [dual = '', factors = ''], printer) =>
    call(printer.runtime('scaledRows'), dual, factors, String(op.rows)),
  rowProducts: (op, [a = '', dual = ''], printer) => call(printer.runtime('rowProducts'), a, dual, String(op.rows)),
  windows: (op, [x = ''], printer) => {
    const first = op.count === op.grid[0] * op.grid[1] ? '0' : `start / ${op.rowsPerWindow}`;
    return call(
      printer.runtime('windows'),
      x,
      list(op.grid),
      list(op.strides),
      list(op.offset),
      list(op.size),
      first,
      String(op.count),
    );
  },
  pad: (op, [x = '']) => {
    const [top, bottom, left, right] = op.padding;
    return call('tf.pad', x, `[[0, 0], [${top}, ${bottom}], [${left}, ${right}], [0, 0]]`);
  },
  cauchyScale: (op, [samples = ''], printer) => call(printer.runtime('cauchyScale'), samples, `'${op.estimator}'`),
  cauchyScaleGradient: (op, [samples = '', scale = '', upstream = ''], printer) =>
    call(printer.runtime('cauchyScaleGradient'), samples, scale, upstream, `'${op.estimator}'`),
  item: inBlockOnly,
};

/** The expression, and whether its value is a JavaScript number rather than a tensor. */
export function printOp(op: Op, args: readonly Code[], printer: OpPrinter, shape: ProgramShape): Code {
  if (op.kind === 'chunked' || op.kind === 'summedChunks') return inBlockOnly();
  const row = rows[op.kind] as Row<ExpressionKind>;
  // A row knows texts of users as literals only.
  return fromCode(row(withLiterals(op) as WithLiterals<OpOf<ExpressionKind>>, args, printer, shape));
}

/** Numbers, `epsilon` and `batch`, and one operation between two of them, are not tensors in the emitted code. */
export const isHostNumber = (text: string): boolean => hostNumber.test(text);
const operand = String.raw`(-?\d+(\.\d+)?(e[-+]?\d+)?|epsilon|batch)`;
const hostNumber = new RegExp(`^${operand}( [-+*/] ${operand})?$`);
const inParentheses = (text: string): string => (text.includes(' ') ? `(${text})` : text);

/** What the instruction itself reads of what every driver has at hand. */
export function givenOf({ op }: Instr): Given | null {
  if (op.kind === 'input') return op.name;
  if (op.kind === 'param') return 'p';
  if (op.kind === 'noise') return 'key';
  return op.kind === 'batchSize' || (op.kind === 'broadcast' && hasBatch(op.shape)) ? 'batch' : null;
}

/** The trailing comment of a statement. */
export const shapeComment = (shape: ProgramShape): Code =>
  lineComment`[${shape.map(dim => (hasBatch([dim]) ? (dim === '1b' ? 'batch' : `${printDim(dim).slice(0, -1)} · batch`) : dim)).join(', ')}]`;

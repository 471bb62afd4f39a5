/**
 * What an operation allocates while it runs, beyond its result: the most of any backend, counted in the code of
 * `runtime/ops` and in the kernels of TensorFlow.js, which copy an operand when its axes come in another order than they like.
 */
import type { Dim, ProgramShape } from '../5-program/dim.ts';
import type { ConvGeometry, Instr, OpKind, OpOf } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import { type MemorySize, nothing, numbers, sizeOfTensor, sum, times } from './memory-size.ts';

type Rule<Kind extends OpKind> = (
  op: OpOf<Kind>,
  operands: readonly ProgramShape[],
  result: ProgramShape,
) => MemorySize;

/** Operations without a row need nothing; chunk loops are counted by the memory model itself. */
const rules: { readonly [Kind in OpKind]?: Rule<Kind> } = {
  sum: (_op, [x = []]) => sizeOfTensor(x),
  max: (_op, [x = []]) => sizeOfTensor(x),
  // Integers first, converted then; a depth of 1 is cut from twice as much.
  oneHot: (op, _operands, result) => times(op.depth === 1 ? 4 : 1, sizeOfTensor(result)),
  unitRows: (op, _operands, result) => sum(times(op.rows === 1 ? 4 : 1, sizeOfTensor(result)), numbers(op.size)),
  matMul: (op, [x = [], y = []]) =>
    sum(op.transposeA ? sizeOfTensor(x) : nothing, op.transposeB ? sizeOfTensor(y) : nothing),
  transposedConv2d: ofTransposedConv2d,
  conv2dKernelGradient: (_op, [x = [], y = []], result) =>
    // Both operands transposed, the cropped image, the gradient before its own transpose.
    sum(times(2, sizeOfTensor(x)), sizeOfTensor(y), sizeOfTensor(result)),
  // Magnitudes, and their transpose or their products.
  rowNorms: (_op, [dual = []]) => times(2, sizeOfTensor(dual)),
  rowProducts: (_op, [dual = []]) => times(2, sizeOfTensor(dual)),
  windows: ofWindows,
  cauchyScale: (op, [samples = []], result) => scaleWorkspace(scale[op.estimator], samples, result),
  cauchyScaleGradient: (op, [samples = [], perFeature = []]) =>
    scaleWorkspace(scaleGradient[op.estimator], samples, perFeature),
};

export function workspaceOf({ op, shape }: Instr, operands: readonly ProgramShape[]): MemorySize {
  const rule = rules[op.kind] as Rule<OpKind> | undefined;
  return rule === undefined ? nothing : rule(op, operands, shape);
}

/** How many tensors as large as the samples are alive at once at most. */
const scale = { median: 4, geometric: 4, ml: 7 } as const;
const scaleGradient = { median: 18, geometric: 4, ml: 8 } as const;

/** Beside them some with one entry per feature, and single numbers. */
const scaleWorkspace = (copies: number, samples: ProgramShape, perFeature: ProgramShape): MemorySize =>
  sum(times(copies, sizeOfTensor(samples)), times(32, sizeOfTensor(perFeature)), numbers(64));

/** The map with its padding, and where in it each entry of a window lies. */
function ofWindows(op: OpOf<'windows'>, [x = []]: readonly ProgramShape[]): MemorySize {
  const [n = 1, height, width, channels = 1] = x;
  const padded = [height, width].map((size, axis) => {
    const [grid, stride, offset, window] = [op.grid[axis], op.strides[axis], op.offset[axis], op.size[axis]];
    const last = (found(grid, 'grid') - 1) * found(stride, 'stride') + found(offset, 'offset') + found(window, 'size');
    return Number(size) + Math.max(0, -found(offset, 'offset')) + Math.max(0, last - Number(size));
  });
  return sum(sizeOfTensor([n, ...padded, channels]), numbers(op.count * op.size[0] * op.size[1]));
}

/**
 * One convolution for each phase of the rows, with kernels gathered from the padded kernel, then the phases joined and cut
 * to size; see `runtime/ops/transposed-conv2d.ts`.
 */
function ofTransposedConv2d(
  op: OpOf<'transposedConv2d'>,
  [y = [], kernel = []]: readonly ProgramShape[],
  result: ProgramShape,
): MemorySize {
  const [kernelHeight, kernelWidth, channels, filters] = kernel.map(Number) as [number, number, number, number];
  const [rows, columns] = [phasesOf(op, 0, Number(y[1]), kernelHeight), phasesOf(op, 1, Number(y[2]), kernelWidth)];
  const [rowStride, columnStride] = op.strides;
  const gathered = rows.taps * columns.offsets * columnStride * channels * filters;
  const kernels = sum(sizeOfTensor(kernel), numbers(3 * gathered + channels * filters + gathered / filters));
  const n: Dim = result[0] ?? 1;
  const whole = sizeOfTensor([n, rows.length * rowStride, columns.length * columnStride, channels]);
  const isCut = rows.length * rowStride !== op.inputSize[0] || columns.length * columnStride !== op.inputSize[1];
  const joined = sum(rowStride > 1 ? whole : nothing, isCut ? whole : nothing);
  const cropped = rows.isCropped || columns.isCropped ? times(rowStride, sizeOfTensor(y)) : nothing;
  return sum(kernels, joined, cropped);
}

interface Phases {
  /** Rows of the result in each phase. */
  readonly length: number;
  /** Rows of the kernels of all phases together. */
  readonly taps: number;
  /** Offsets from the first to the last that any phase uses. */
  readonly offsets: number;
  /** Whether a phase leaves rows of the operand unread. */
  readonly isCropped: boolean;
}

function phasesOf(op: OpOf<'transposedConv2d'>, axis: 0 | 1, operandSize: number, kernelSize: number): Phases {
  const stride = op.strides[axis];
  const before = paddingBefore(op, axis);
  const length = Math.ceil(op.inputSize[axis] / stride);
  const spans = Array.from({ length: stride }, (_, residue) => {
    const row = (residue + before) % stride;
    const last = (residue + before - row) / stride;
    return { first: last - Math.ceil((kernelSize - row) / stride) + 1, last };
  }).filter(({ first, last }) => first <= last);
  const first = Math.min(...spans.map(span => span.first));
  const last = Math.max(...spans.map(span => span.last));
  return {
    length,
    taps: spans.reduce((total, span) => total + span.last - span.first + 1, 0),
    offsets: last - first + 1,
    isCropped: spans.some(span => span.first > 0 || span.last + length < operandSize),
  };
}

const paddingBefore = ({ padding: [top, , left] }: ConvGeometry, axis: 0 | 1): number => (axis === 0 ? top : left);

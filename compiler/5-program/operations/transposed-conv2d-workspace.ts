/** What the runtime allocates for a transposed convolution; counted in `runtime/ops/transposed-conv2d.ts`. */
import type { Dim, ProgramShape } from '../dim.ts';
import { type MemorySize, nothing, numbers, sizeOfTensor, sum, times } from '../memory-size.ts';
import type { ConvGeometry, OpOf } from '../tensor-program.ts';

/**
 * One convolution for each phase of the rows, with kernels gathered from the padded kernel, then the phases joined and cut
 * to size.
 */
export function workspaceOfTransposedConv2d(
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

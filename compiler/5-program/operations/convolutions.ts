/** Convolutions and their two adjoints. */
import { type Expression, numberList, object, runtimeCall } from '../../shared/expression.ts';
import { countOf, type ProgramShape, printDims, sameDims } from '../dim.ts';
import { nothing, sizeOfTensor, sum, times } from '../memory-size.ts';
import { conv2d, conv2dKernelGradient, transposedConv2d } from '../reference/convolution.ts';
import type { ConvGeometry } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkGeometry, checkRank, dimOf, fixedDim, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { costly, ordinary } from './ordinary.ts';
import { workspaceOfTransposedConv2d } from './transposed-conv2d-workspace.ts';

/** Height or width of a convolution's output. */
export const convOutputSize = (input: number, kernel: number, stride: number, before: number, after: number): number =>
  Math.floor((input + before + after - kernel) / stride) + 1;

const convolution = { ...ordinary, ...costly, arity: 2, elementwise: null } as const;
const geometry = { strides: named('numbers'), padding: named('numbers') } as const;

export const convolutionRows: Rows<'conv2d' | 'transposedConv2d' | 'conv2dKernelGradient'> = {
  conv2d: {
    ...convolution,
    attributes: geometry,
    check(op, [x, kernel]) {
      checkRank(x, 4);
      checkRank(kernel, 4);
      checkGeometry(op);
    },
    shape: (op, [x = [], kernel = []]) => outputShape(op, x, kernel),
    family: 'conv2d',
    macs: (op, [x = [], kernel = []]) => countOf([...outputShape(op, x, kernel), ...kernel.slice(0, 3)]),
    kernels: ['Conv2D'],
    workspace: () => nothing,
    evaluate: (op, [x, kernel], shape) => conv2d(op, x, kernel, shape),
    gradient(b, instr, upstream) {
      const [x, kernel] = [operandOf(instr, 0), operandOf(instr, 1)];
      const { strides, padding } = instr.op;
      const inputSize = pairOf(b.shapeOf(x), 1);
      const kernelSize = pairOf(b.shapeOf(kernel), 0);
      return [
        b.append({ kind: 'transposedConv2d', strides, padding, inputSize }, [upstream, kernel]),
        b.append({ kind: 'conv2dKernelGradient', strides, padding, kernelSize }, [x, upstream]),
      ];
    },
    print: (op, operands) => runtimeCall('conv2d', ...operands, object(printedGeometry(op))),
  },
  transposedConv2d: {
    ...convolution,
    attributes: { inputSize: named('numbers'), ...geometry },
    check(op, [y = [], kernel = []]) {
      checkRank(y, 4);
      checkRank(kernel, 4);
      checkGeometry(op);
      if (y[3] !== kernel[3]) refuse(`${printDims(y)} has not the filters of the kernel ${printDims(kernel)}`);
    },
    shape(op, [y = [], kernel = []]) {
      const x = [dimOf(y, 0), ...op.inputSize, dimOf(kernel, 2)];
      return sameDims(outputShape(op, x, kernel), y)
        ? x
        : refuse(`transposedConv2d of ${printDims(y)} to ${printDims(x)}`);
    },
    family: 'transposedConv2d',
    effort: 'touched',
    macs: (_op, [y = [], kernel = []]) => countOf([...y, ...kernel.slice(0, 3)]),
    kernels: ['Conv2D', 'GatherV2', 'PadV2', 'Transpose', 'Slice', 'Concat', 'Reshape', 'Fill'],
    workspace: workspaceOfTransposedConv2d,
    evaluate: (op, [y, kernel], shape) => transposedConv2d(op, y, kernel, shape),
    gradient(b, instr, upstream) {
      const [y, kernel] = [operandOf(instr, 0), operandOf(instr, 1)];
      const { strides, padding } = instr.op;
      const kernelSize = pairOf(b.shapeOf(kernel), 0);
      return [
        b.append({ kind: 'conv2d', strides, padding }, [upstream, kernel]),
        b.append({ kind: 'conv2dKernelGradient', strides, padding, kernelSize }, [upstream, y]),
      ];
    },
    print: (op, operands) =>
      runtimeCall(
        'transposedConv2d',
        ...operands,
        object([...printedGeometry(op), ['inputSize', numberList(op.inputSize)]]),
      ),
  },
  conv2dKernelGradient: {
    ...convolution,
    attributes: { kernelSize: named('numbers'), ...geometry },
    check(op, [x = [], y = []]) {
      checkRank(x, 4);
      checkRank(y, 4);
      checkGeometry(op);
      if (x[0] !== y[0]) refuse(`${printDims(x)} and ${printDims(y)} differ in their examples`);
    },
    shape(op, [x = [], y = []]) {
      const kernel = [...op.kernelSize, dimOf(x, 3), dimOf(y, 3)];
      return sameDims(outputShape(op, x, kernel), y)
        ? kernel
        : refuse(`conv2dKernelGradient of ${printDims(x)} and ${printDims(y)}`);
    },
    family: 'kernelGradient',
    effort: 'touched',
    macs: (op, [x = [], y = []]) => countOf([...y, ...op.kernelSize, dimOf(x, 3)]),
    kernels: ['Conv2D', 'Transpose', 'Slice', 'Fill'],
    // Both operands transposed, the cropped image, the gradient before its own transpose.
    workspace: (_op, [x = [], y = []], result) => sum(times(2, sizeOfTensor(x)), sizeOfTensor(y), sizeOfTensor(result)),
    evaluate: (op, [x, y], shape) => conv2dKernelGradient(op, x, y, shape),
    gradient: 'impossible',
    print: (op, operands) =>
      runtimeCall(
        'conv2dKernelGradient',
        ...operands,
        object([...printedGeometry(op), ['kernelSize', numberList(op.kernelSize)]]),
      ),
  },
};

function outputShape({ strides, padding }: ConvGeometry, x: ProgramShape, kernel: ProgramShape): ProgramShape {
  if (dimOf(x, 3) !== dimOf(kernel, 2)) refuse(`conv2d of ${printDims(x)} with a kernel ${printDims(kernel)}`);
  const [top, bottom, left, right] = padding;
  return [
    dimOf(x, 0),
    convOutputSize(fixedDim(x, 1), fixedDim(kernel, 0), strides[0], top, bottom),
    convOutputSize(fixedDim(x, 2), fixedDim(kernel, 1), strides[1], left, right),
    dimOf(kernel, 3),
  ];
}

export const pairOf = (shape: ProgramShape, axis: number): readonly [number, number] => [
  fixedDim(shape, axis),
  fixedDim(shape, axis + 1),
];

export const printedGeometry = ({ strides, padding }: ConvGeometry): readonly (readonly [string, Expression])[] => [
  ['strides', numberList(strides)],
  ['padding', numberList(padding)],
];

/** Norms of maps that nothing else reads: a transposed convolution whose result is never laid out. */
import { blockOf, reach } from '../../../runtime/ops/norm-blocks.ts';
import { number, numberList, object, runtimeCall } from '../../shared/expression.ts';
import { countOf, type Dim, type ProgramShape } from '../dim.ts';
import { type MemorySize, nothing, numbers, sizeOfTensor, sum, times } from '../memory-size.ts';
import { transposedConv2d } from '../reference/convolution.ts';
import { rowNorms } from '../reference/rows.ts';
import type { OpOf } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkGeometry, checkRank, dimOf } from './conditions.ts';
import { convolutionRows, pairOf, printedGeometry } from './convolutions.ts';
import type { Effort, Rows } from './operation.ts';
import { costly, ordinary } from './ordinary.ts';
import { checkRows } from './rows.ts';
import { workspaceOfTransposedConv2d } from './transposed-conv2d-workspace.ts';

type Norms = OpOf<'transposedConv2dNorms'>;

/** What would lay out the maps. */
const laidOut = ({ strides, padding, inputSize }: Norms): OpOf<'transposedConv2d'> => ({
  kind: 'transposedConv2d',
  strides,
  padding,
  inputSize,
});

const mapsOf = (op: Norms, operands: readonly ProgramShape[]): ProgramShape =>
  convolutionRows.transposedConv2d.shape(laidOut(op), operands);

export const transposedConv2dNormsRows: Rows<'transposedConv2dNorms'> = {
  transposedConv2dNorms: {
    ...ordinary,
    ...costly,
    elementwise: null,
    arity: 3,
    attributes: {
      rows: named('number'),
      inputSize: named('numbers'),
      strides: named('numbers'),
      padding: named('numbers'),
    },
    check(op, [y = [], kernel = [], weights = []], around) {
      checkRank(weights, 4);
      checkGeometry(op);
      convolutionRows.transposedConv2d.check(laidOut(op), [y, kernel], around);
    },
    shape(op, [y = [], kernel = [], weights = []]) {
      checkRows(op, mapsOf(op, [y, kernel]), weights);
      return [dimOf(weights, 0), op.rows];
    },
    family: 'normsOfMaps',
    effort,
    macs: macsOfMaps,
    kernels: [
      ...new Set([
        ...convolutionRows.transposedConv2d.kernels,
        ...['Abs', 'Multiply', 'Sum', 'BatchMatMul', 'Transpose', 'Reshape', 'PadV2', 'Slice', 'Fill'],
      ]),
    ],
    workspace,
    evaluate(op, [y, kernel, weights], shape) {
      const maps = mapsOf(op, [y.shape, kernel.shape]).map(Number);
      return rowNorms(op.rows, { shape: maps, data: transposedConv2d(op, y, kernel, maps) }, weights, shape);
    },
    gradient(b, instr, upstream) {
      const { rows, strides, padding } = instr.op;
      const [y, kernel, weights] = [operandOf(instr, 0), operandOf(instr, 1), operandOf(instr, 2)];
      const maps = b.append(laidOut(instr.op), [y, kernel]);
      const toMaps = b.append({ kind: 'rowNormsGradient', rows }, [maps, weights, upstream]);
      const kernelSize = pairOf(b.shapeOf(kernel), 0);
      return [
        b.append({ kind: 'conv2d', strides, padding }, [toMaps, kernel]),
        b.append({ kind: 'conv2dKernelGradient', strides, padding, kernelSize }, [toMaps, y]),
        b.append({ kind: 'rowNormsWeightGradient', rows }, [maps, upstream]),
      ];
    },
    print: (op, operands) =>
      runtimeCall(
        'transposedConv2dNorms',
        ...operands,
        object([...printedGeometry(op), ['inputSize', numberList(op.inputSize)]]),
        number(op.rows),
      ),
  },
};

/** Without the norm's own: one for each entry of a map, beside those of its whole window. */
function macsOfMaps(op: Norms, [y = [], kernel = []]: readonly ProgramShape[]): Dim {
  return convolutionRows.transposedConv2d.macs(laidOut(op), [y, kernel]);
}

/** A block is computed as a whole, with taps that are 0 and pixels behind the edge; and each row reads weights, its own or shared ones. */
function effort(op: Norms, operands: readonly (readonly number[])[]): Effort {
  const [y = [], kernel = [], weights = []] = operands;
  const [kernelHeight = 0, kernelWidth = 0, channels = 0, filters = 0] = kernel;
  const read = Number(countOf(y)) + Number(countOf(weights));
  const chosen = blockOf([kernelHeight, kernelWidth, channels, filters], op);
  if (chosen === null)
    return {
      multiplyAdds: Number(macsOfMaps(op, operands)),
      entries: read + Number(countOf(mapsOf(op, operands))),
    };
  const { down, across, taps } = chosen;
  const blocks = (y[0] ?? 0) * down.length * across.length;
  return {
    multiplyAdds: blocks * taps.length * channels * filters,
    entries: read + blocks * down.phases.length * across.phases.length * channels,
  };
}

/** The blocks with their magnitudes, those of rows that groups share also transposed; the weights in their order, the kernel gathered; and what is cut off the operand. */
function workspace(op: Norms, [y = [], kernel = [], weights = []]: readonly ProgramShape[]): MemorySize {
  const [kernelHeight, kernelWidth, channels, filters] = kernel.map(Number) as [number, number, number, number];
  const chosen = blockOf([kernelHeight, kernelWidth, channels, filters], op);
  const maps = mapsOf(op, [y, kernel]);
  if (chosen === null)
    return sum(workspaceOfTransposedConv2d(laidOut(op), [y, kernel], maps), times(2, sizeOfTensor(maps)));
  const { down, across, taps } = chosen;
  const pixels = down.phases.length * across.phases.length;
  const blocked = (rows: Dim): ProgramShape => [rows, down.length, across.length, pixels * channels];
  const [above, below] = reach(down, down.phases.length / op.strides[0], Number(y[1]));
  const [before, after] = reach(across, across.phases.length / op.strides[1], Number(y[2]));
  return sum(
    times(y[0] === op.rows ? 3 : 2, sizeOfTensor(blocked(dimOf(y, 0)))),
    times(2, sizeOfTensor(blocked(dimOf(weights, 0)))),
    // The kernel with a tap of zeros, the indices into it, the taps in two orders.
    sum(sizeOfTensor(kernel), numbers((1 + 2 * taps.length) * channels * filters + taps.length)),
    Math.min(above, below, before, after) < 0 ? sizeOfTensor(y) : nothing,
  );
}

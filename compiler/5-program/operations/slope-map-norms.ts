/** Norms of rows that start alike at every position of a map, by convolutions of the map of slopes. */
import { chooseGroups, perConvolution } from '../../../runtime/ops/slope-map-groups.ts';
import { numberList, object, runtimeCall } from '../../shared/expression.ts';
import { countOf, type Dim, type ProgramShape, printDims, timesDim } from '../dim.ts';
import { type MemorySize, numbers, sizeOfTensor, sum, times } from '../memory-size.ts';
import { transposedConv2d } from '../reference/convolution.ts';
import type { Float64Tensor } from '../reference/float64-tensor.ts';
import { rowNorms, scaledRows } from '../reference/rows.ts';
import { windows } from '../reference/windows.ts';
import type { OpOf } from '../tensor-program.ts';
import { named } from './attributes.ts';
import { checkGeometry, checkRank, dimOf, fixedDim, refuse } from './conditions.ts';
import { convolutionRows, printedGeometry } from './convolutions.ts';
import type { Rows } from './operation.ts';
import { costly, ordinary } from './ordinary.ts';
import { paddedMap } from './windows.ts';

type SlopeMapNorms = OpOf<'slopeMapNorms'>;

const pair = named('numbers');

export const slopeMapNormsRows: Rows<'slopeMapNorms'> = {
  slopeMapNorms: {
    ...ordinary,
    ...costly,
    elementwise: null,
    arity: 4,
    attributes: {
      rows: named('number'),
      inputSize: pair,
      strides: pair,
      padding: named('numbers'),
      grid: pair,
      slopeStrides: pair,
      slopeOffset: pair,
      weightStrides: pair,
      weightOffset: pair,
    },
    check(op, [dual = [], slopes = [], kernel = [], weights = []], around) {
      for (const shape of [dual, slopes, weights]) checkRank(shape, 4);
      checkGeometry(op);
      convolutionRows.transposedConv2d.check(
        { kind: 'transposedConv2d', strides: op.strides, padding: op.padding, inputSize: op.inputSize },
        [dual, kernel],
        around,
      );
      if (dual[0] !== op.rows) refuse(`${printDims(dual)} are not ${op.rows} rows that all positions share`);
      if (slopes[3] !== dual[3]) refuse(`${printDims(slopes)} has not the channels of ${printDims(dual)}`);
      if (weights[0] !== slopes[0]) refuse(`${printDims(weights)} and ${printDims(slopes)} differ in their examples`);
      if (weights[3] !== kernel[2]) refuse(`${printDims(weights)} has not the channels of ${printDims(kernel)}`);
    },
    shape: (op, [, slopes]) => [timesDim(dimOf(slopes, 0), positionsOf(op)), op.rows],
    family: 'normsOfSlopeMaps',
    // It has the norms of all rows, and computes these.
    effort(op, operands) {
      const [, [examples = 0] = [], [, , channels = 0] = []] = operands;
      const places = op.inputSize[0] * op.inputSize[1] * channels;
      return {
        multiplyAdds: Number(macsOfRows(op, operands)),
        entries: examples * positionsOf(op) * op.rows * places,
      };
    },
    macs: macsOfRows,
    kernels: [
      ...['Conv2D', 'Abs', 'Multiply', 'AvgPool', 'Sum', 'BatchMatMul', 'Transpose', 'Reshape'],
      ...['PadV2', 'Slice', 'Fill', 'GatherV2', 'Concat'],
    ],
    workspace,
    evaluate: (op, [dual, slopes, kernel, weights = refuse('no weights')], shape) =>
      evaluate(op, { dual, slopes, kernel, weights }, shape),
    gradient: 'impossible',
    print: (op, operands) =>
      runtimeCall(
        'slopeMapNorms',
        ...operands,
        object([...printedGeometry(op), ['inputSize', numberList(op.inputSize)]]),
        object(
          (['grid', 'slopeStrides', 'slopeOffset', 'weightStrides', 'weightOffset'] as const).map(key => [
            key,
            numberList(op[key]),
          ]),
        ),
      ),
  },
};

/** Without the norm's own, and those with 0. */
function macsOfRows(op: SlopeMapNorms, [dual = [], slopes = [], kernel = []]: readonly ProgramShape[]): Dim {
  return timesDim(countOf([dimOf(slopes, 0), ...dual]), positionsOf(op) * Number(countOf(kernel.slice(0, 3))));
}

const positionsOf = ({ grid }: SlopeMapNorms): number => grid[0] * grid[1];

/** Windows cut, rows scaled, maps laid out: all that the operation itself does not do. */
function evaluate(
  op: SlopeMapNorms,
  { dual, slopes, kernel, weights }: Readonly<Record<'dual' | 'slopes' | 'kernel' | 'weights', Float64Tensor>>,
  shape: readonly number[],
): Float64Array {
  const { grid, rows, inputSize } = op;
  const cut = (
    map: Float64Tensor,
    strides: readonly [number, number],
    offset: readonly [number, number],
    size: readonly [number, number],
  ): Float64Tensor => {
    const result = [shape[0]!, ...size, map.shape[3]!];
    return { shape: result, data: windows({ grid, strides, offset, size, count: positionsOf(op) }, map, result, 0) };
  };
  const [, high = 0, wide = 0] = dual.shape;
  const factors = cut(slopes, op.slopeStrides, op.slopeOffset, [high, wide]);
  const scaled: Float64Tensor = {
    shape: [shape[0]! * rows, ...dual.shape.slice(1)],
    data: scaledRows(rows, dual, factors),
  };
  const maps = [shape[0]! * rows, ...inputSize, kernel.shape[2]!];
  const own: Float64Tensor = { shape: maps, data: transposedConv2d(op, scaled, kernel, maps) };
  return rowNorms(rows, own, cut(weights, op.weightStrides, op.weightOffset, inputSize), shape);
}

/**
 * The entries of all rows twice; the windows of the weights in two orders; the slopes without some edges. The products of the parameters:
 * the most for a single example, which is computed by the fewest convolutions.
 */
function workspace(
  op: SlopeMapNorms,
  [dual = [], slopes = [], kernel = [], weights = []]: readonly ProgramShape[],
): MemorySize {
  const channels = fixedDim(kernel, 2);
  const positions: Dim = timesDim(dimOf(slopes, 0), positionsOf(op));
  const places = op.inputSize[0] * op.inputSize[1] * channels;
  const view = { grid: op.grid, strides: op.weightStrides, offset: op.weightOffset, size: op.inputSize };
  return sum(
    times(2, sizeOfTensor([positions, places, op.rows])),
    times(2, sizeOfTensor([positions, places])),
    sizeOfTensor(paddedMap(view, weights)),
    sizeOfTensor(slopes),
    numbers(Math.max(productsAtMost(op, dual, kernel, 'wasm'), productsAtMost(op, dual, kernel, 'other'))),
    times(2, sizeOfTensor(dual)),
    times(2, sizeOfTensor(kernel)),
  );
}

/**
 * Numbers in the products of all groups, and of what the last of them is made of: its factors in two orders and where in the kernel these lie. On wasm a
 * factor is copied for each of the rows before it is multiplied.
 */
function productsAtMost(
  op: SlopeMapNorms,
  dual: ProgramShape,
  kernel: ProgramShape,
  backend: keyof typeof perConvolution,
): number {
  const [kernelHeight, kernelWidth, channels] = [0, 1, 2].map(axis => fixedDim(kernel, axis)) as [
    number,
    number,
    number,
  ];
  const [high, wide, filters] = [1, 2, 3].map(axis => fixedDim(dual, axis)) as [number, number, number];
  const [down, across] = chooseGroups(op, [kernelHeight, kernelWidth], [high, wide], {
    perConvolution: perConvolution[backend],
    perPair: positionsOf(op) * filters * channels * op.rows,
  }).map(axis => axis.map(({ entries, taps }) => entries.length * taps.length)) as [number[], number[]];
  const total = (of: readonly number[]): number => of.reduce((sum, pairs) => sum + pairs, 0);
  const largest = Math.max(0, ...down) * Math.max(0, ...across);
  const copied = backend === 'wasm' ? op.rows : 0;
  return total(down) * total(across) * filters * channels * op.rows + largest * (filters * channels * (copied + 2) + 1);
}

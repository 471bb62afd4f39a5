/** Rows by their indices: what a loop over a list of rows is made of, and what puts its results where they belong. */
import { found } from '../../shared/assert.ts';
import { name, number, numberList, runtimeCall } from '../../shared/expression.ts';
import { type ProgramShape, timesDim } from '../dim.ts';
import { type MemorySize, nothing, numbers, sizeOfTensor, sum, times } from '../memory-size.ts';
import { scatteredRows, unitRowsAt, windowsAt } from '../reference/rows-at.ts';
import type { OpOf } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkRank, dimOf, fixedDim, noConditions, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';
import { paddedMap, printedWindow } from './windows.ts';

const byIndex = { ...ordinary, ...cheap, macs: noMacs, elementwise: null } as const;

export const rowsAtRows: Rows<'chunkIndices' | 'unitRowsAt' | 'scatteredRows' | 'windowsAt'> = {
  chunkIndices: {
    ...ordinary,
    ...cheap,
    arity: 0,
    attributes: { rows: named('number'), size: named('number') },
    check: noConditions,
    shape: op => [op.size],
    // Given to the block by the loop.
    structure: { kind: 'source', form: () => 'callers' },
    walk: ({ rows, size }) => ({ by: 'indices', rows, size, standsAlone: false }),
    family: 'free',
    macs: noMacs,
    kernels: [],
    workspace: () => nothing,
    evaluate: (_op, _operands, _shape, frame) => frame.indices,
    elementwise: null,
    gradient: 'none',
    print: () => name('indices'),
  },
  unitRowsAt: {
    ...byIndex,
    arity: 1,
    attributes: { rows: named('number'), shape: named('numbers') },
    check(op, [indices]) {
      checkRank(indices, 1);
      if (op.shape.reduce((product, size) => product * size, 1) !== op.rows)
        refuse(`${op.rows} rows of a shape [${op.shape.join(', ')}]`);
    },
    shape: (op, [indices]) => [dimOf(indices, 0), ...op.shape],
    family: 'copy',
    kernels: ['Cast', 'OneHot', 'Slice', 'Reshape'],
    workspace: (_op, _operands, result) => times(2, sizeOfTensor(result)),
    evaluate: (op, [indices]) => unitRowsAt(indices.data, op.rows),
    gradient: 'none',
    print: (op, [indices = refuse('no operand')]) =>
      runtimeCall('unitRowsAt', indices, number(op.rows), numberList(op.shape)),
  },
  scatteredRows: {
    ...byIndex,
    arity: 2,
    attributes: { rows: named('number') },
    check(_op, [values, indices]) {
      checkRank(values, 2);
      checkRank(indices, 1);
      if (fixedDim(values, 1) !== fixedDim(indices, 0))
        refuse(`${fixedDim(values, 1)} values for ${fixedDim(indices, 0)} indices`);
    },
    shape: (op, [values]) => [dimOf(values, 0), op.rows],
    family: 'matMul',
    macs: (op, [values = []]) => timesDim(timesDim(dimOf(values, 0), op.rows), dimOf(values, 1)),
    kernels: ['Cast', 'OneHot', 'Slice', 'BatchMatMul', 'Reshape'],
    workspace: (op, [values]) => times(3, numbers(fixedDim(values, 1) * op.rows)),
    evaluate: (op, [values, indices]) => scatteredRows(values, indices.data, op.rows),
    /** Each value gets what its column got. */
    gradient(b, instr, upstream) {
      const { rows } = instr.op;
      const places = b.append({ kind: 'unitRowsAt', rows, shape: [rows] }, [operandOf(instr, 1)]);
      return [b.matMul(upstream, places, { b: true }), null];
    },
    print: (op, operands) => runtimeCall('scatteredRows', ...operands, number(op.rows)),
  },
  windowsAt: {
    ...byIndex,
    arity: 2,
    attributes: {
      grid: named('numbers'),
      strides: named('numbers'),
      offset: named('numbers'),
      size: named('numbers'),
      rowsPerWindow: named('number'),
    },
    check(op, [x, indices]) {
      checkRank(x, 4);
      checkRank(indices, 1);
      if (fixedDim(indices, 0) % op.rowsPerWindow !== 0)
        refuse(`${fixedDim(indices, 0)} indices in windows of ${op.rowsPerWindow}`);
    },
    shape: (op, [x, indices]) => [timesDim(dimOf(x, 0), countOf(op, indices)), ...op.size, dimOf(x, 3)],
    family: 'gather',
    kernels: ['PadV2', 'GatherV2', 'Reshape', 'Slice', 'Cast', 'RealDiv', 'Floor', 'Maximum', 'Multiply', 'Sub', 'Add'],
    workspace: ofPaddedMap,
    evaluate: (op, [x, indices], shape) => windowsAt(op, x, indices.data, shape),
    gradient: 'impossible',
    print: (op, [x = refuse('no operand'), indices = refuse('no indices')]) =>
      runtimeCall('windowsAt', x, indices, printedWindow(op), number(op.rowsPerWindow)),
  },
};

const countOf = (op: OpOf<'windowsAt'>, indices: ProgramShape | undefined): number =>
  fixedDim(indices, 0) / op.rowsPerWindow;

/** The map with its padding, where in it each window begins and each entry of it lies, as it is worked out. */
function ofPaddedMap(op: OpOf<'windowsAt'>, [x, indices]: readonly ProgramShape[]): MemorySize {
  const windows = countOf(op, indices);
  const perWindow = op.size[0] * op.size[1];
  const corners = times(16, numbers(windows));
  const places = sum(numbers(2 * fixedDim(indices, 0) + perWindow), times(4, numbers(windows * perWindow)));
  return sum(sizeOfTensor(paddedMap(op, found(x, 'a map'))), sum(corners, places));
}

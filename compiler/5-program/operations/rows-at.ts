/** Rows by their indices: what a loop over rows that are asked for is made of. */
import { name, number, numberList, runtimeCall } from '../../shared/expression.ts';
import { batch, hasBatch, timesDim } from '../dim.ts';
import { type MemorySize, nothing } from '../memory-size.ts';
import { examplesAt, rowsAt, unitRowsAt, windowsAt } from '../reference/rows-at.ts';
import { named } from './attributes.ts';
import { checkRank, dimOf, fixedDim, noConditions, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';
import { effortOfWindows, printedWindow } from './windows.ts';

const byIndex = { ...ordinary, ...cheap, elementwise: null } as const;

/** Rows are picked on the side of the program that reads them back: what it holds is not the backend's. */
const onTheHost = (): MemorySize => nothing;

export const rowsAtRows: Rows<'chunkIndices' | 'unitRowsAt' | 'rowsAt' | 'examplesAt' | 'windowsAt'> = {
  chunkIndices: {
    ...byIndex,
    arity: 0,
    attributes: { rows: named('number'), size: named('number') },
    check: noConditions,
    shape: op => [timesDim(batch, op.size)],
    // Given to the block by the loop.
    structure: { kind: 'source', form: () => 'callers' },
    walk: ({ rows, size }) => ({ by: 'indices', rows, size, standsAlone: false }),
    family: 'free',
    macs: noMacs,
    kernels: [],
    workspace: () => nothing,
    evaluate: (_op, _operands, _shape, frame) => frame.indices,
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
    macs: noMacs,
    kernels: [],
    workspace: onTheHost,
    evaluate: (op, [indices]) => unitRowsAt(indices.data, op.rows),
    gradient: 'none',
    print: (op, [indices = refuse('no operand')]) =>
      runtimeCall('unitRowsAt', indices, number(op.rows), numberList(op.shape)),
  },
  rowsAt: {
    ...byIndex,
    arity: 2,
    attributes: {},
    check(_op, [values, indices]) {
      checkRank(indices, 1);
      fixedDim(values, 0);
    },
    shape: (_op, [values = [], indices]) => [dimOf(indices, 0), ...values.slice(1)],
    family: 'gather',
    macs: noMacs,
    kernels: [],
    workspace: onTheHost,
    evaluate: (_op, [values, indices]) => rowsAt(values, indices.data),
    gradient: 'impossible',
    print: (_op, operands) => runtimeCall('rowsAt', ...operands),
  },
  examplesAt: {
    ...byIndex,
    arity: 2,
    attributes: { rows: named('number') },
    check(_op, [values, indices]) {
      checkRank(indices, 1);
      if (hasBatch([dimOf(values, 0)]) !== hasBatch([dimOf(indices, 0)]))
        refuse('values and rows of different examples');
    },
    shape: (_op, [values = [], indices]) => [dimOf(indices, 0), ...values.slice(1)],
    family: 'copy',
    macs: noMacs,
    kernels: [],
    workspace: onTheHost,
    evaluate: (op, [values, indices]) => examplesAt(values, indices.data, op.rows),
    gradient: 'impossible',
    print: (op, [values = refuse('no operand'), indices = refuse('no indices')]) =>
      runtimeCall('examplesAt', values, indices, number(op.rows)),
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
    check(_op, [map, indices]) {
      checkRank(map, 4);
      checkRank(indices, 1);
      if (hasBatch([dimOf(map, 0)]) !== hasBatch([dimOf(indices, 0)])) refuse('maps and rows of different examples');
    },
    shape: (op, [map, indices]) => [dimOf(indices, 0), ...op.size, dimOf(map, 3)],
    family: 'gather',
    effort: (op, [[, , , channels = 0] = [], [rows = 0] = []]) => effortOfWindows(op, rows, channels),
    macs: noMacs,
    kernels: [],
    workspace: onTheHost,
    evaluate: (op, [map, indices], shape) => windowsAt(op, map, indices.data, shape),
    gradient: 'impossible',
    print: (op, [map = refuse('no operand'), indices = refuse('no indices')]) =>
      runtimeCall('windowsAt', map, indices, printedWindow(op), number(op.rowsPerWindow)),
  },
};

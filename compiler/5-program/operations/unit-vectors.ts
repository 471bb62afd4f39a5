/** Rows with a single 1. */
import { name, number, numberList, runtimeCall } from '../../shared/expression.ts';
import { numbers, sizeOfTensor, sum, times } from '../memory-size.ts';
import { oneHot, unitRows } from '../reference/rearrange.ts';
import { named } from './attributes.ts';
import { checkRank, noConditions, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { noMacs, ordinary, slight } from './ordinary.ts';

const unitVectors = {
  ...ordinary,
  ...slight,
  family: 'copy',
  macs: noMacs,
  elementwise: null,
  gradient: 'none',
} as const;

/** Made as integers and converted; a depth of 1 is cut from twice as much. */
const copies = (depth: number): number => (depth === 1 ? 4 : 1);

export const unitVectorRows: Rows<'oneHot' | 'unitRows'> = {
  oneHot: {
    ...unitVectors,
    arity: 1,
    attributes: { depth: named('number') },
    check: (_op, [labels]) => checkRank(labels, 1),
    shape: (op, [labels = []]) => [...labels, op.depth],
    kernels: ['OneHot', 'Cast', 'Slice', 'Sum', 'RealDiv'],
    workspace: (op, _operands, result) => times(copies(op.depth), sizeOfTensor(result)),
    evaluate: (op, [labels]) => oneHot(labels, op.depth),
    print: (op, [labels = refuse('no operand')]) => runtimeCall('oneHot', labels, number(op.depth)),
  },
  unitRows: {
    ...unitVectors,
    arity: 0,
    attributes: { rows: named('number'), size: named('number'), shape: named('numbers') },
    check: noConditions,
    shape: op => [op.size, ...op.shape],
    walk: ({ size, rows }) => ({ by: 'start', size, rows, standsAlone: size === rows }),
    kernels: ['Range', 'OneHot', 'Cast', 'Slice', 'Reshape'],
    workspace: (op, _operands, result) => sum(times(copies(op.rows), sizeOfTensor(result)), numbers(op.size)),
    evaluate: (op, _operands, _shape, frame) => unitRows(op.rows, frame.start, op.size),
    print: ({ size, rows, shape }) =>
      runtimeCall('unitRows', size === rows ? number(0) : name('start'), number(size), number(rows), numberList(shape)),
  },
};

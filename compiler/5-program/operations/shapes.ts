/** The same entries in another shape or order, or repeated. */
import { numberList, runtimeCall, tensorCall } from '../../shared/expression.ts';
import { broadcastShapes, countOf, printDims, sameDims } from '../dim.ts';
import { nothing } from '../memory-size.ts';
import { broadcast } from '../reference/elementwise.ts';
import { transpose } from '../reference/rearrange.ts';
import { operandOf, toOperand } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkAxes, dimOf, noConditions, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { noMacs, ordinary, slight } from './ordinary.ts';
import { closedShape, openShape } from './printed-shape.ts';

const rearranged = {
  ...ordinary,
  ...slight,
  arity: 1,
  macs: noMacs,
  workspace: () => nothing,
  elementwise: null,
} as const;

export const shapeRows: Rows<'detach' | 'reshape' | 'transpose' | 'broadcast'> = {
  detach: {
    ...rearranged,
    attributes: {},
    check: noConditions,
    shape: (_op, [x]) => x ?? refuse('no operand'),
    family: 'free',
    kernels: ['Identity'],
    // Where it is a statement it is a clone, which the backend wasm copies.
    result: 'own',
    evaluate: (_op, [x]) => x.data,
    gradient: 'none',
    print: (_op, [x = refuse('no operand')]) => x,
  },
  reshape: {
    ...rearranged,
    attributes: { shape: 'resultShape' },
    check: noConditions,
    shape: (op, [x = []]) =>
      countOf(x) === countOf(op.shape) ? op.shape : refuse(`reshape of ${printDims(x)} to ${printDims(op.shape)}`),
    family: 'free',
    kernels: ['Reshape'],
    result: 'view',
    evaluate: (_op, [x]) => x.data,
    gradient: (b, instr, upstream) => [b.reshape(upstream, b.shapeOf(operandOf(instr, 0)))],
    length: 0,
    print: (op, [x = refuse('no operand')]) => tensorCall('reshape', x, openShape(op.shape)),
  },
  transpose: {
    ...rearranged,
    attributes: { perm: named('numbers') },
    check(op, [x = []]) {
      checkAxes(op.perm, x);
      if (op.perm.length !== x.length) refuse(`[${op.perm.join(', ')}] does not permute ${printDims(x)}`);
    },
    shape: (op, [x]) => op.perm.map(axis => dimOf(x, axis)),
    family: 'copy',
    madeOnce: true,
    kernels: ['Transpose'],
    evaluate: (op, [x], shape) => transpose(x, op.perm, shape),
    gradient: (b, instr, upstream) => [b.transpose(upstream, inverse(instr.op.perm))],
    print: (op, [x = refuse('no operand')]) => runtimeCall('transposed', x, numberList(op.perm)),
  },
  broadcast: {
    ...rearranged,
    attributes: { shape: 'resultShape' },
    check: noConditions,
    shape: (op, [x = []]) =>
      sameDims(broadcastShapes(x, op.shape) ?? [], op.shape)
        ? op.shape
        : refuse(`broadcast of ${printDims(x)} to ${printDims(op.shape)}`),
    family: 'broadcast',
    kernels: ['Tile', 'Reshape', 'Fill'],
    evaluate: (_op, [x], shape) => broadcast(x, shape),
    gradient: (b, instr, upstream) => [toOperand(b, instr, 0, upstream)],
    print: (op, [x = refuse('no operand')], at) =>
      at.isNumber(0)
        ? tensorCall('fill', closedShape(op.shape), x)
        : tensorCall('broadcastTo', x, closedShape(op.shape)),
  },
};

function inverse(perm: readonly number[]): number[] {
  const result = [...perm];
  for (const [to, from] of perm.entries()) result[from] = to;
  return result;
}

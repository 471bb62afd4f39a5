/** Along axes. */
import { numberList, tensorCall, word } from '../../shared/expression.ts';
import { sizeOfTensor } from '../memory-size.ts';
import { reduce } from '../reference/rearrange.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkAxes } from './conditions.ts';
import type { Gradient, Operation, Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

type ReductionKind = 'sum' | 'max';

interface ReductionRule {
  readonly kernel: string;
  readonly initial: number;
  readonly fold: (sum: number, entry: number) => number;
  readonly gradient: Gradient<ReductionKind>;
}

const reduction = ({ kernel, initial, fold, gradient }: ReductionRule): Operation<ReductionKind> => ({
  ...ordinary,
  ...cheap,
  arity: 1,
  attributes: { axes: named('numbers'), keepDims: named('boolean') },
  check: (op, [x]) => checkAxes(op.axes, x),
  shape: (op, [x = []]) => x.flatMap((size, axis) => (op.axes.includes(axis) ? (op.keepDims ? [1] : []) : [size])),
  family: 'reduction',
  effort: 'touched',
  macs: noMacs,
  kernels: [kernel],
  // A transpose, where the axes are not the last ones.
  workspace: (_op, [x = []]) => sizeOfTensor(x),
  evaluate: (op, [x]) => reduce(x, op.axes, initial, fold),
  elementwise: null,
  gradient,
  print: (op, operands) =>
    tensorCall(op.kind, ...operands.slice(0, 1), numberList(op.axes), ...(op.keepDims ? [word(true)] : [])),
});

export const reductionRows: Rows<ReductionKind> = {
  sum: reduction({
    kernel: 'Sum',
    initial: 0,
    fold: (sum, entry) => sum + entry,
    gradient(b, instr, upstream) {
      const shape = b.shapeOf(operandOf(instr, 0));
      const kept = shape.map((dim, axis) => (instr.op.axes.includes(axis) ? 1 : dim));
      return [b.append({ kind: 'broadcast', shape }, [b.reshape(upstream, kept)])];
    },
  }),
  max: reduction({
    kernel: 'Max',
    initial: Number.NEGATIVE_INFINITY,
    fold: Math.max,
    gradient: 'impossible',
  }),
};

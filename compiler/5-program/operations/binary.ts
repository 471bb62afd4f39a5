/** Entry by entry, from two operands, with NumPy's broadcasting. */
import { binary as arithmetic, type Operator, tensorCall } from '../../shared/expression.ts';
import type { ValueId } from '../../shared/ids.ts';
import { broadcastShapes, printDims } from '../dim.ts';
import { nothing } from '../memory-size.ts';
import { combine } from '../reference/elementwise.ts';
import type { BinaryKind } from '../tensor-program.ts';
import { operandOf, toOperand } from './adjoint.ts';
import { noConditions, refuse } from './conditions.ts';
import type { Elementwise, Gradient, Operation, Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

interface BinaryRule {
  readonly kernel: string;
  readonly scalar: (a: number, b: number) => number;
  readonly neutral: Elementwise['neutral'];
  readonly operator: Operator | null;
  readonly gradient: Gradient<BinaryKind>;
}

const binary = ({ kernel, scalar, neutral, operator, gradient }: BinaryRule): Operation<BinaryKind> => ({
  ...ordinary,
  ...cheap,
  arity: 2,
  attributes: {},
  check: noConditions,
  shape: (op, [a = [], b = []]) => broadcastShapes(a, b) ?? refuse(`${op.kind} of ${printDims(a)} and ${printDims(b)}`),
  family: 'elementwise',
  macs: noMacs,
  kernels: [kernel],
  workspace: () => nothing,
  evaluate: (_op, [a, b], shape) => combine(a, b, shape, scalar),
  elementwise: { scalar: (a = Number.NaN, b = Number.NaN) => scalar(a, b), neutral, operator },
  gradient,
  print(op, [a, b], at) {
    if (a === undefined || b === undefined) return refuse('no operand');
    return operator !== null && at.isNumber(0) && at.isNumber(1)
      ? arithmetic(operator, a, b)
      : tensorCall(op.kind, a, b);
  },
});

/** The larger (or, with the operands swapped, the smaller) of two takes the whole gradient; at a tie neither does. */
const ofExtreme =
  (sign: 1 | -1): Gradient<BinaryKind> =>
  (b, instr, upstream) => {
    const [x, y] = [operandOf(instr, 0), operandOf(instr, 1)];
    const where = (greater: ValueId, less: ValueId): ValueId => b.unary('step', b.binary('sub', greater, less));
    const [first, second] = sign === 1 ? [where(x, y), where(y, x)] : [where(y, x), where(x, y)];
    return [
      toOperand(b, instr, 0, b.binary('mul', upstream, first)),
      toOperand(b, instr, 1, b.binary('mul', upstream, second)),
    ];
  };

export const binaryRows: Rows<BinaryKind> = {
  add: binary({
    kernel: 'Add',
    scalar: (a, b) => a + b,
    neutral: { value: 0, symmetric: true },
    operator: '+',
    gradient: (b, instr, upstream) => [toOperand(b, instr, 0, upstream), toOperand(b, instr, 1, upstream)],
  }),
  sub: binary({
    kernel: 'Sub',
    scalar: (a, b) => a - b,
    neutral: { value: 0, symmetric: false },
    operator: '-',
    gradient: (b, instr, upstream) => [
      toOperand(b, instr, 0, upstream),
      b.unary('neg', toOperand(b, instr, 1, upstream)),
    ],
  }),
  mul: binary({
    kernel: 'Multiply',
    scalar: (a, b) => a * b,
    neutral: { value: 1, symmetric: true },
    operator: '*',
    gradient: (b, instr, upstream) => [
      toOperand(b, instr, 0, b.binary('mul', upstream, operandOf(instr, 1))),
      toOperand(b, instr, 1, b.binary('mul', upstream, operandOf(instr, 0))),
    ],
  }),
  div: binary({
    kernel: 'RealDiv',
    scalar: (a, b) => a / b,
    neutral: { value: 1, symmetric: false },
    operator: '/',
    gradient(b, instr, upstream) {
      const quotient = b.binary('div', upstream, operandOf(instr, 1));
      return [
        toOperand(b, instr, 0, quotient),
        toOperand(b, instr, 1, b.unary('neg', b.binary('mul', quotient, instr.out))),
      ];
    },
  }),
  maximum: binary({ kernel: 'Maximum', scalar: Math.max, neutral: null, operator: null, gradient: ofExtreme(1) }),
  minimum: binary({ kernel: 'Minimum', scalar: Math.min, neutral: null, operator: null, gradient: ofExtreme(-1) }),
};

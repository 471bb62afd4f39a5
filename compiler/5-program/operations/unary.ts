/** Entry by entry, from one operand. Derivatives at kinks: 0 for `abs` and `relu` at 0. */
import { tensorCall } from '../../shared/expression.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { nothing, sizeOfTensor } from '../memory-size.ts';
import type { UnaryKind } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { noConditions, refuse } from './conditions.ts';
import type { Gradient, InstrOf, Operation, Rows } from './operation.ts';
import { cheap, noMacs, ordinary, slight } from './ordinary.ts';

interface UnaryRule {
  readonly kernel: string;
  readonly scalar: (x: number) => number;
  readonly gradient: Gradient<UnaryKind>;
  /** Whether it reads as a part of a larger expression. */
  readonly reads: typeof cheap | typeof slight;
  readonly workspace?: Operation<UnaryKind>['workspace'];
}

const unary = ({ kernel, scalar, gradient, reads, workspace = () => nothing }: UnaryRule): Operation<UnaryKind> => ({
  ...ordinary,
  ...reads,
  arity: 1,
  attributes: {},
  check: noConditions,
  shape: (_op, [x]) => x ?? refuse('no operand'),
  family: 'elementwise',
  macs: noMacs,
  kernels: [kernel],
  workspace,
  evaluate: (_op, [x]) => x.data.map(entry => scalar(entry)),
  elementwise: { scalar: (x = Number.NaN) => scalar(x), neutral: null, operator: null },
  gradient,
  print: (op, operands) => tensorCall(op.kind, ...operands.slice(0, 1)),
});

/** `upstream` times a derivative. */
const times =
  (derivative: (b: ProgramBuilder, instr: InstrOf<UnaryKind>) => ValueId): Gradient<UnaryKind> =>
  (b, instr, upstream) => [b.binary('mul', upstream, derivative(b, instr))];

export const unaryRows: Rows<UnaryKind> = {
  neg: unary({
    kernel: 'Neg',
    scalar: x => -x,
    gradient: (b, _instr, upstream) => [b.unary('neg', upstream)],
    reads: slight,
  }),
  abs: unary({
    kernel: 'Abs',
    scalar: Math.abs,
    gradient: times((b, instr) => b.unary('sign', operandOf(instr, 0))),
    reads: slight,
  }),
  relu: unary({
    kernel: 'Relu',
    scalar: x => Math.max(x, 0),
    gradient: times((b, instr) => b.unary('step', operandOf(instr, 0))),
    reads: cheap,
  }),
  step: unary({
    kernel: 'Step',
    scalar: x => (Number.isNaN(x) ? x : x > 0 ? 1 : 0),
    gradient: 'none',
    reads: slight,
    // TensorFlow's is made of two operations (runtime/native/step-kernel.ts).
    workspace: (_op, _operands, result) => sizeOfTensor(result),
  }),
  sign: unary({ kernel: 'Sign', scalar: Math.sign, gradient: 'none', reads: slight }),
  sqrt: unary({
    kernel: 'Sqrt',
    scalar: Math.sqrt,
    gradient: (b, instr, upstream) => [b.binary('div', b.binary('mul', upstream, b.constant(0.5)), instr.out)],
    reads: cheap,
  }),
  square: unary({
    kernel: 'Square',
    scalar: x => x * x,
    gradient: times((b, instr) => b.binary('mul', operandOf(instr, 0), b.constant(2))),
    reads: slight,
  }),
  exp: unary({ kernel: 'Exp', scalar: Math.exp, gradient: times((_b, instr) => instr.out), reads: cheap }),
  log: unary({
    kernel: 'Log',
    scalar: Math.log,
    gradient: (b, instr, upstream) => [b.binary('div', upstream, operandOf(instr, 0))],
    reads: cheap,
  }),
};

/** A backend made of plain loops over scalars, whose arithmetic can be replaced piece by piece: what the probes of the self-test have to notice. */
import {
  type Compute,
  type Numbers,
  type ProbeOp,
  type SumOp,
  sizeOf,
} from '../../runtime/backend/arithmetic/probe-op.ts';
import { productsOf } from '../../runtime/backend/arithmetic/products-of-entry.ts';

const { fround } = Math;

type Scalar = (x: number) => number;
type Binary = (x: number, y: number) => number;

export interface Arithmetic {
  /** What the backend keeps of a number that is given to it. */
  readonly stored: Scalar;
  /** An operand as it is read, and a result as it is written, by every operation. */
  readonly read: Scalar;
  readonly write: Scalar;
  readonly binary: Readonly<Record<'add' | 'sub' | 'mul' | 'div' | 'maximum' | 'minimum' | 'greater', Binary>>;
  readonly unary: Readonly<Record<'neg' | 'abs' | 'relu' | 'step' | 'sign' | 'sqrt', Scalar>>;
  /** A factor of a sum of products. */
  readonly factor: Scalar;
  /** The sum so far and a product more. */
  readonly multiplyAdd: (sum: number, x: number, y: number) => number;
  /** The sum so far and a summand more. */
  readonly sumStep: Binary;
  readonly maxStep: Binary;
}

export const float32: Arithmetic = {
  stored: x => x,
  read: x => x,
  write: fround,
  binary: {
    add: (x, y) => x + y,
    sub: (x, y) => x - y,
    mul: (x, y) => x * y,
    div: (x, y) => x / y,
    maximum: Math.max,
    minimum: Math.min,
    greater: (x, y) => (x > y ? 1 : 0),
  },
  unary: {
    neg: x => -x,
    abs: Math.abs,
    relu: x => Math.max(x, 0),
    step: x => (Number.isNaN(x) ? x : x > 0 ? 1 : 0),
    sign: Math.sign,
    sqrt: Math.sqrt,
  },
  factor: x => x,
  multiplyAdd: (sum, x, y) => fround(sum + fround(x * y)),
  sumStep: (sum, x) => fround(sum + x),
  maxStep: Math.max,
};

/** The backend, with whole operations of one's own before those of the arithmetic. `own` returns null where it leaves the rest to them. */
export function fakeBackend(
  arithmetic: Partial<Arithmetic>,
  own: (op: ProbeOp, operands: readonly Numbers[]) => ArrayLike<number> | null = () => null,
): Compute {
  const rules: Arithmetic = { ...float32, ...arithmetic };
  return async (op, ...given) => {
    const operands = given.map(({ shape, data }) => ({ shape, data: data.map(rules.stored) }));
    return own(op, operands) ?? evaluate(rules, op, operands);
  };
}

function evaluate(rules: Arithmetic, op: ProbeOp, [x, y]: readonly Numbers[]): ArrayLike<number> {
  if (x === undefined) throw new Error('no operand');
  switch (op.kind) {
    case 'copy':
      return x.data;
    case 'transpose': {
      const [rows = 1, columns = 1] = x.shape;
      return x.data.map((_, i) => x.data[(i % rows) * columns + Math.floor(i / rows)]!);
    }
    case 'oneHot':
      return Array.from(x.data).flatMap(label => Array.from({ length: op.depth }, (_, i) => (i === label ? 1 : 0)));
    case 'max':
      return reduced(rules, x, rules.maxStep, Number.NEGATIVE_INFINITY);
    case 'poison': {
      const zeros = x.data.map(entry => rules.write(rules.binary.mul(rules.read(entry), 0)));
      return reduced(rules, { shape: op.all ? [zeros.length] : x.shape, data: zeros }, rules.sumStep, 0);
    }
    case 'sum':
      return reduced(rules, x, rules.sumStep, 0);
    case 'square':
      return elementwise(rules, rules.binary.mul, x, x);
    case 'larger':
      return elementwise(rules, (a, b) => (rules.binary.greater(a, b) === 1 ? a : b), x, y!);
    case 'add':
    case 'sub':
    case 'mul':
    case 'div':
    case 'maximum':
    case 'minimum':
    case 'greater':
      return elementwise(rules, rules.binary[op.kind], x, y!);
    case 'neg':
    case 'abs':
    case 'relu':
    case 'step':
    case 'sign':
    case 'sqrt':
      return chosen(rules, rules.unary[op.kind as keyof Arithmetic['unary']], x);
    case 'matMul':
    case 'conv2d':
    case 'transposedConv2d':
    case 'conv2dKernelGradient':
    case 'rowNorms':
      return sumsOf(rules, op, x, y!);
  }
}

function elementwise(rules: Arithmetic, rule: Binary, x: Numbers, y: Numbers): Float32Array {
  return x.data.map((entry, i) => rules.write(rule(rules.read(entry), rules.read(y.data[i % y.data.length]!))));
}

const chosen = (rules: Arithmetic, rule: Scalar, x: Numbers): Float32Array =>
  x.data.map(entry => rules.write(rule(rules.read(entry))));

function reduced(rules: Arithmetic, { shape, data }: Numbers, step: Binary, start: number): Float32Array {
  const length = shape.at(-1)!;
  return Float32Array.from({ length: data.length / length }, (_, row) => {
    let result = start;
    for (let i = 0; i < length; i++) result = rules.write(step(result, rules.read(data[row * length + i]!)));
    return result;
  });
}

export function sumsOf(rules: Arithmetic, op: SumOp, a: Numbers, b: Numbers): Float32Array {
  const { shape, ofEntry } = productsOf(op, a.shape, b.shape);
  const first = a.data.map(x => rules.factor(rules.read(op.kind === 'rowNorms' ? Math.abs(x) : x)));
  const second = b.data.map(x => rules.factor(rules.read(x)));
  return new Float32Array(sizeOf(shape)).map((_, entry) => {
    let sum = 0;
    for (const run of ofEntry(entry))
      for (let i = 0; i < run.count; i++)
        sum = rules.write(rules.multiplyAdd(sum, first[run.a + i * run.stepA]!, second[run.b + i * run.stepB]!));
    return sum;
  });
}

/**
 * Infinity and NaN come about and go on as IEEE 754 says, at every place of a vector: what overflows is infinite, and what is made of
 * something infinite or undefined is neither a number that could be compared with a margin nor 0.
 */
import { type Expected, largestFloat32, type Measure, measure, worstOf } from './allowed-error.ts';
import { measureSums, type SumCase } from './exact-sums.ts';
import type { Probe } from './probe.ts';
import type { BinaryKind, Compute, UnaryKind } from './probe-op.ts';
import { filled, listed, made } from './sample-numbers.ts';

export const specialValues: Probe = {
  name: 'infinity and NaN',
  assumes:
    'overflow is infinite, ∞ − ∞ and 0 · ∞ are NaN, and no sum, product, quotient, root or size of NaN is a number',
  allowed: 'nothing, 2⁻²⁰ of numbers',
  async run(compute) {
    const elementwise = [...(await measureUnary(compute)), ...(await measureBinary(compute))];
    return { worst: worstOf([...elementwise, await measureSums(compute, sums())]) };
  },
};

const { NaN: undefinedValue, POSITIVE_INFINITY: infinity } = Number;
const values = [undefinedValue, infinity, -infinity, 0, -0, 1, -2.5, 2e38, -3e38, largestFloat32, 2 ** -100].map(
  Math.fround,
);

/** Every value on every lane: 11 has no factor in common with the width of a vector. */
async function measureUnary(compute: Compute): Promise<Measure[]> {
  const x = made(i => values[i % values.length] ?? 0, 355);
  const exact: Readonly<Partial<Record<UnaryKind, (x: number) => number>>> = {
    neg: x => -x,
    abs: Math.abs,
    sqrt: Math.sqrt,
    square: x => x * x,
  };
  const measures: Measure[] = [];
  for (const [kind, rule] of Object.entries(exact) as [UnaryKind, (x: number) => number][]) {
    const found = await compute({ kind }, x);
    measures.push(measure(kind, found, x.data.length, i => special(rule(x.data[i] ?? 0))));
  }
  return measures;
}

/** Every pair, three times over with an odd count between, so that it comes to lie on different lanes; and with a repeated operand. */
async function measureBinary(compute: Compute): Promise<Measure[]> {
  const n = values.length;
  const x = made(i => values[i % n] ?? 0, 3 * n * n + 1);
  const y = made(i => values[Math.floor(i / n) % n] ?? 0, 3 * n * n + 1);
  const exact: Readonly<Partial<Record<BinaryKind, (x: number, y: number) => number>>> = {
    add: (x, y) => x + y,
    sub: (x, y) => x - y,
    mul: (x, y) => x * y,
    div: (x, y) => x / y,
  };
  const measures: Measure[] = [];
  for (const [kind, rule] of Object.entries(exact) as [BinaryKind, (x: number, y: number) => number][]) {
    for (const other of [y, filled(0), filled(infinity), filled(undefinedValue)]) {
      const found = await compute({ kind } as { kind: BinaryKind }, x, other);
      const at = (i: number): number => other.data[other.data.length === 1 ? 0 : i] ?? 0;
      const expected = (i: number): Expected => {
        // Whatever the sign of a zero is.
        const isInfinite = kind === 'div' && at(i) === 0 && Math.abs(found[i] ?? 0) === infinity;
        const value = rule(x.data[i] ?? 0, at(i));
        return special(isInfinite && Math.abs(value) === infinity ? (found[i] ?? 0) : value);
      };
      measures.push(measure(kind, found, x.data.length, expected));
    }
  }
  return measures;
}

/** Numbers are the matter of other probes. */
const special = (exact: number): Expected => ({
  exact,
  allowed: Math.abs(exact) <= largestFloat32 ? 2 ** -20 * Math.abs(exact) + 2 ** -126 : 0,
});

/** Each row of `a` has one special value, which meets 0 in some columns of `b`, and 1 in the others. */
function sums(): readonly SumCase[] {
  const [rows, inner, columns] = [60, 37, 19];
  const a = made(
    i => (Math.floor(i / inner) % inner === i % inner ? (values[Math.floor(i / inner) % 3] ?? 0) : 1),
    rows,
    inner,
  );
  const b = made(i => (Math.floor(i / columns) % 5 === i % 5 ? 0 : 1), inner, columns);
  const matMul = { kind: 'matMul', transposeA: false, transposeB: false } as const;
  const conv2d = { kind: 'conv2d', strides: [1, 1], padding: [0, 0, 0, 0] } as const;
  const padded = { kind: 'conv2d', strides: [2, 1], padding: [1, 1, 1, 1] } as const;
  const image = made(i => (i % 101 === 50 ? (values[i % 3] ?? 0) : 1), 1, 12, 10, 7);
  const kernel = made(i => (i % 3 === 0 ? 0 : 1), 3, 3, 7, 9);
  const big = Math.fround(2e38);
  return [
    { op: matMul, operands: [a, b] },
    { op: matMul, operands: [b, listed(a.data.subarray(0, columns * 31), columns, 31)] },
    {
      op: conv2d,
      operands: [
        { shape: [1, rows, 1, inner], data: a.data },
        { shape: [1, 1, inner, columns], data: b.data },
      ],
    },
    { op: padded, operands: [image, kernel] },
    {
      op: { kind: 'transposedConv2d', inputSize: [24, 10], strides: [2, 1], padding: [1, 1, 1, 1] },
      operands: [image, made(i => (i % 3 === 0 ? 0 : 1), 4, 3, 5, 7)],
    },
    { op: { kind: 'rowNorms', rows }, operands: [a, made(i => (i % 5 === 0 ? 0 : 1), 2, inner)] },
    { op: { kind: 'sum' }, operands: [a] },
    { op: { kind: 'sum' }, operands: [listed([infinity, 1, -infinity, 1, infinity, 1, infinity, 1], 2, 4)] },
    { op: matMul, operands: [filled(big, 7, 9), made(i => (i % 2 === 0 ? 1 : -1), 9, 6)] },
    { op: conv2d, operands: [filled(big, 1, 5, 5, 3), filled(big, 2, 2, 3, 6)] },
    { op: { kind: 'sum' }, operands: [filled(-big, 3, 33)] },
  ];
}

/**
 * Sums of products against their exact values. Allowed is `γ(n+1) · Σ|a·b|`, which n products added up in any order keep, fused or not, and
 * `n·η·(1 + max|a| + max|b|)` where a backend takes numbers below `η = 2⁻¹²⁶` for zero.
 */
import { type Expected, gamma, type Measure, measure, smallestNormal, worstOf } from './allowed-error.ts';
import { type Compute, type Numbers, type SumOp, sizeOf } from './probe-op.ts';
import { type Products, productsOf } from './products-of-entry.ts';

export interface SumCase {
  readonly op: SumOp;
  readonly operands: readonly [Numbers] | readonly [Numbers, Numbers];
  /** So many entries, spread over the result, are compared; all of them by default. */
  readonly entries?: number;
}

/** The worst entry of all the cases. */
export async function measureSums(compute: Compute, cases: readonly SumCase[]): Promise<Measure> {
  const measures: Measure[] = [];
  for (const sumCase of cases) measures.push(await measureSum(compute, sumCase));
  return worstOf(measures);
}

async function measureSum(compute: Compute, { op, operands, entries }: SumCase): Promise<Measure> {
  const [a, b] = operands;
  const products = productsOf(op, a.shape, b?.shape ?? []);
  const found = await compute(op, ...operands);
  const size = sizeOf(products.shape);
  const label = `${op.kind} ${operands.map(({ shape }) => `[${shape.join(', ')}]`).join(' · ')}`;
  const flushed = smallestNormal * (1 + largestOf(a) + (b === undefined ? 1 : largestOf(b)));
  const expected = (entry: number): Expected => {
    const { exact, magnitude, count } = exactSum(op, products, a, b, entry);
    return { exact, allowed: gamma(count + 1) * magnitude + count * flushed };
  };
  return measure(label, found, size, expected, entries === undefined ? undefined : spread(size, entries));
}

export interface ExactSum {
  readonly exact: number;
  /** `Σ|a·b|`. */
  readonly magnitude: number;
  /** Products. */
  readonly count: number;
}

export function exactSum(op: SumOp, products: Products, a: Numbers, b: Numbers | undefined, entry: number): ExactSum {
  const first = a.data;
  const second = b?.data ?? ones;
  const takesSize = op.kind === 'rowNorms';
  const sum = { exact: 0, magnitude: 0, count: 0 };
  for (const run of products.ofEntry(entry)) {
    for (let i = 0; i < run.count; i++) {
      const factor = first[run.a + i * run.stepA] ?? Number.NaN;
      const product = (takesSize ? Math.abs(factor) : factor) * (second[run.b + i * run.stepB] ?? Number.NaN);
      sum.exact += product;
      sum.magnitude += Math.abs(product);
    }
    sum.count += run.count;
  }
  return sum;
}

const ones = Float32Array.of(1);

/** The largest finite size. */
function largestOf({ data }: Numbers): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i] ?? 0);
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
  }
  return largest;
}

/** The first, the last and entries between, at no regular distance in any axis. */
function spread(size: number, entries: number): readonly number[] | undefined {
  if (size <= entries) return undefined;
  return [0, size - 1, ...Array.from({ length: entries - 2 }, (_, i) => (i * 7919 + 13) % size)];
}

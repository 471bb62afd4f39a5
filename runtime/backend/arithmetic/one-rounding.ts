/** Sums, differences and products of two tensors are rounded once, whatever their exponents. */
import { type Expected, type Measure, measure, smallestNormal, unit, worstOf } from './allowed-error.ts';
import type { Probe } from './probe.ts';
import type { Numbers } from './probe-op.ts';
import { everyExponent, filled, listed, mixed } from './sample-numbers.ts';

type Rule = (x: number, y: number) => Expected;

/** Zero in place of an operand, or of the result. */
const sumOf = (exact: number): Expected => ({ exact, allowed: unit * Math.abs(exact) + 2 * smallestNormal });

const rules = {
  add: (x, y) => sumOf(x + y),
  sub: (x, y) => sumOf(x - y),
  mul: (x, y) => ({ exact: x * y, allowed: unit * Math.abs(x * y) + lost(x, y) + lost(y, x) + smallestNormal }),
} satisfies Record<string, Rule>;

/** What a product loses where `x` is taken for zero. */
const lost = (x: number, y: number): number => (Math.abs(x) < smallestNormal ? smallestNormal * Math.abs(y) : 0);

export const oneRounding: Probe = {
  name: 'sums and products of two',
  assumes: 'add, sub, mul and square round the exact result to the nearest float32 number',
  allowed: 'u = 2⁻²⁴ of the result',
  async run(compute) {
    const measures: Measure[] = [];
    for (const [x, y] of pairs())
      for (const [kind, rule] of Object.entries(rules) as [keyof typeof rules, Rule][]) {
        const found = await compute({ kind }, x, y);
        measures.push(measure(kind, found, x.data.length, i => rule(at(x, i), at(y, i))));
      }
    const x = listed(everyExponent(5));
    const found = await compute({ kind: 'square' }, x);
    measures.push(measure('square', found, x.data.length, i => rules.mul(at(x, i), at(x, i))));
    return { worst: worstOf(measures) };
  },
};

/** Operands of all exponents; of nearly the same exponents; that nearly cancel; one that is repeated. */
function pairs(): readonly (readonly [Numbers, Numbers])[] {
  const all = listed(everyExponent(6).filter(Number.isFinite));
  const others = listed(everyExponent(7).filter(Number.isFinite).subarray(0, all.data.length));
  const near = mixed(8, 33, 31);
  const cancelling = listed(
    near.data.map((value, i) => -value * (1 + ((i % 17) - 8) * 2 ** -22)),
    33,
    31,
  );
  return [
    [all, listed(others.data, all.data.length)],
    [near, mixed(9, 33, 31)],
    [near, cancelling],
    [near, mixed(10, 31)],
    [all, filled(1.1)],
  ];
}

/** Entry `i` of the operand, repeated as often as it takes. */
const at = ({ data }: Numbers, i: number): number => data[i % data.length] ?? Number.NaN;

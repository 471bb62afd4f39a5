/**
 * Operations that choose a number or turn its sign round nothing. A backend may take operands or results below 2⁻¹²⁶ for zero.
 *
 * `sign` is not among them: on wasm it is 0 for numbers up to 10⁻⁷, so no certificate uses it.
 */
import { type Expected, type Measure, measure, smallestNormal, worstOf } from './allowed-error.ts';
import type { Probe } from './probe.ts';
import type { BinaryKind, Compute, Numbers, UnaryKind } from './probe-op.ts';
import { everyExponent, filled, listed, made } from './sample-numbers.ts';

type Exact<Kind extends string> = readonly [Kind, (x: number, y: number) => number];

const unary: readonly Exact<UnaryKind>[] = [
  ['neg', x => -x],
  ['abs', x => Math.abs(x)],
  ['relu', x => Math.max(x, 0)],
  ['step', x => (x > 0 ? 1 : 0)],
];
const binary: readonly Exact<BinaryKind>[] = [
  ['maximum', (x, y) => Math.max(x, y)],
  ['minimum', (x, y) => Math.min(x, y)],
  ['greater', (x, y) => (x > y ? 1 : 0)],
  ['larger', (x, y) => Math.max(x, y)],
];

export const exactOperations: Probe = {
  name: 'choices and signs',
  assumes: 'neg, abs, relu, step, maximum, minimum, max, greater and where give an operand, a 0 or a 1, exactly',
  allowed: 'nothing',
  async run(compute) {
    const [x, y] = [listed(everyExponent(2)), listed(everyExponent(3))];
    // Equal numbers, and neighbours.
    for (let i = 0; i < 200; i++) y.data[i] = (x.data[i] ?? 0) * (1 + (i % 3) * 2 ** -23);
    const choices: Choices = { measures: [], areSmallZero: false };
    for (const [kind, exact] of unary) compare(choices, kind, await compute({ kind }, x), exact, x);
    for (const [kind, exact] of binary)
      for (const other of [y, filled(0.75)]) compare(choices, kind, await compute({ kind }, x, other), exact, x, other);
    await compareMaxima(compute, choices);
    return {
      worst: worstOf(choices.measures),
      findings: [{ name: 'numbers below 2⁻¹²⁶, chosen or compared', value: choices.areSmallZero ? 'zero' : 'kept' }],
    };
  },
};

interface Choices {
  readonly measures: Measure[];
  /** Whether a number below 2⁻¹²⁶ was taken for zero. */
  areSmallZero: boolean;
}

function compare(
  choices: Choices,
  label: string,
  found: ArrayLike<number>,
  exact: (x: number, y: number) => number,
  x: Numbers,
  y = x,
): void {
  const expected = (i: number): Expected => {
    const [first, second] = [at(x, i), at(y, i)];
    const value = exact(first, second);
    const isFlushed = found[i] !== value && flushed(exact, first, second).includes(found[i] ?? Number.NaN);
    if (isFlushed) choices.areSmallZero = true;
    return { exact: isFlushed ? (found[i] ?? 0) : value, allowed: 0 };
  };
  choices.measures.push(measure(label, found, x.data.length, expected));
}

/** In rows whose largest entry comes first, last, or between. */
async function compareMaxima(compute: Compute, choices: Choices): Promise<void> {
  const columns = 13;
  const rows = 78;
  const x = listed(everyExponent(4).slice(0, rows * columns), rows, columns);
  const found = await compute({ kind: 'max' }, x);
  const largest = made(row => Math.max(...x.data.subarray(row * columns, (row + 1) * columns)), rows);
  compare(choices, 'max', found, value => value, largest);
}

const at = ({ shape, data }: Numbers, i: number): number => data[shape.length === 0 ? 0 : i] ?? Number.NaN;
const zeroIfSmall = (x: number): number => (Math.abs(x) < smallestNormal ? 0 : x);

/** What comes out where small operands, or results, are zero. */
function flushed(exact: (x: number, y: number) => number, x: number, y: number): readonly number[] {
  const [smallX, smallY] = [zeroIfSmall(x), zeroIfSmall(y)];
  const results = [exact(x, y), exact(smallX, y), exact(x, smallY), exact(smallX, smallY)];
  return [...results, ...results.map(zeroIfSmall)];
}

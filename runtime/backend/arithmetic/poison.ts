/**
 * `sum(x · 0)` is NaN when an entry of `x` is not finite, and 0 otherwise. A certificate adds it to its margins, since comparisons and
 * maxima may lose a NaN. Every length up to some vectors, every place near both ends, and one long sum.
 */
import { type Measure, measure, worstOf } from './allowed-error.ts';
import type { Probe } from './probe.ts';
import type { Compute, Numbers } from './probe-op.ts';
import { everyExponent, filled } from './sample-numbers.ts';

export const poison: Probe = {
  name: 'what is not finite shows',
  assumes: 'sum(x · 0) is NaN when an entry is infinite or NaN, and 0 when none is',
  allowed: 'nothing',
  async run(compute) {
    const measures: Measure[] = [];
    for (const length of [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33, 65, 515]) {
      measures.push(await measureRows(compute, length));
    }
    const whole = finiteNumbers(20_003);
    for (const place of [null, 0, 10_001, 20_002]) measures.push(await measureWhole(compute, whole, place));
    return { worst: worstOf(measures) };
  },
};

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

/** The last row is finite; each of the others has one entry that is not. */
async function measureRows(compute: Compute, length: number): Promise<Measure> {
  const places = placesIn(length);
  const rows = places.length * specials.length + 1;
  const x = finiteNumbers(rows, length);
  for (let row = 0; row < rows - 1; row++) {
    const place = places[Math.floor(row / specials.length)] ?? 0;
    x.data[row * length + place] = specials[row % specials.length] ?? 0;
  }
  return measurePoison(compute, x, rows, row => (row === rows - 1 ? 0 : Number.NaN));
}

/** The first and the last 9, and the one in the middle. */
function placesIn(length: number): readonly number[] {
  const all = Array.from({ length }, (_, place) => place);
  return all.filter(place => place < 9 || place >= length - 9 || place === length >> 1);
}

async function measureWhole(compute: Compute, { shape, data }: Numbers, place: number | null): Promise<Measure> {
  const entries = data.slice();
  if (place !== null) entries[place] = Number.POSITIVE_INFINITY;
  return measurePoison(compute, { shape, data: entries }, 1, () => (place === null ? 0 : Number.NaN), true);
}

/** Of all exponents. */
function finiteNumbers(...shape: number[]): Numbers {
  const finite = everyExponent(95).filter(Number.isFinite);
  const numbers = filled(0, ...shape);
  for (let start = 0; start < numbers.data.length; start += finite.length)
    numbers.data.set(finite.subarray(0, numbers.data.length - start), start);
  return numbers;
}

async function measurePoison(
  compute: Compute,
  x: Numbers,
  size: number,
  exact: (row: number) => number,
  all = false,
): Promise<Measure> {
  const found = await compute({ kind: 'poison', all }, x);
  return measure(`sum(x · 0) of [${x.shape.join(', ')}]`, found, size, row => ({ exact: exact(row), allowed: 0 }));
}

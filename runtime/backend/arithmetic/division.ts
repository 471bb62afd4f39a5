/** Quotients and square roots, which some backends only approximate. */
import {
  type Expected,
  largestFloat32,
  type Measure,
  measure,
  smallestNormal,
  unit,
  worstOf,
} from './allowed-error.ts';
import type { Probe } from './probe.ts';
import type { Numbers } from './probe-op.ts';
import { everyExponent, filled, listed, mixed } from './sample-numbers.ts';

/**
 * Allowed share of the result, in units of 2⁻²⁴. WGSL promises quotients within 2.5 units in the last place, up to `5u`; roots as good as
 * `1 / inverseSqrt(x)`, which two of such units for the inner function make up to `9u`.
 */
const allowedUnits = 10;

export const division: Probe = {
  name: 'quotients and square roots',
  assumes: 'div and sqrt are off by at most ten units, whatever the exponents',
  allowed: `${allowedUnits} u of the result`,
  async run(compute) {
    const [measures, ofNormals]: [Measure[], Measure[]] = [[], []];
    for (const [x, y] of pairs()) {
      const found = await compute({ kind: 'div' }, x, y);
      const expected = (i: number): Expected => quotient(at(x, i), at(y, i), found[i]);
      measures.push(measure('div', found, x.data.length, expected));
      const normal = placesOf(x, i => [at(x, i), at(y, i), at(x, i) / at(y, i)].every(isNormal));
      ofNormals.push(measure('div', found, x.data.length, expected, normal));
    }
    const radicands = listed(everyExponent(11).map(Math.abs));
    const roots = await compute({ kind: 'sqrt' }, radicands);
    const expected = (i: number): Expected => rootOf(at(radicands, i));
    measures.push(measure('sqrt', roots, radicands.data.length, expected));
    const normal = placesOf(radicands, i => isNormal(at(radicands, i)));
    return {
      worst: worstOf(measures),
      findings: [
        { name: 'largest error of a quotient', value: inUnits(worstOf(ofNormals)) },
        {
          name: 'largest error of a square root',
          value: inUnits(measure('sqrt', roots, radicands.data.length, expected, normal)),
        },
      ],
    };
  },
};

const isNormal = (x: number): boolean => Math.abs(x) >= smallestNormal && Math.abs(x) <= largestFloat32;
const placesOf = ({ data }: Numbers, isWanted: (i: number) => boolean): readonly number[] =>
  Array.from(data.keys()).filter(isWanted);
const inUnits = ({ share }: Measure): string => `${(share * allowedUnits).toFixed(2)} u`;

function pairs(): readonly (readonly [Numbers, Numbers])[] {
  const all = listed(everyExponent(12).filter(Number.isFinite));
  const others = listed(everyExponent(13).filter(Number.isFinite).subarray(0, all.data.length));
  const near = mixed(14, 33, 31);
  const divisors = listed(
    mixed(15, 33, 31).data.map(value => value + 1.5),
    33,
    31,
  );
  return [
    [all, others],
    [near, divisors],
    [near, listed(divisors.data.subarray(0, 31))],
    [near, filled(3)],
    // A reciprocal of these divisors is below 2⁻¹²⁶.
    [filled(2 ** 127, 33), filled(1.5 * 2 ** 126, 33)],
  ];
}

/** Where a divisor below 2⁻¹²⁶ is taken for zero the quotient is not finite; where a dividend is, zero. */
function quotient(x: number, y: number, found: number | undefined): Expected {
  const isDivisorSmall = Math.abs(y) < smallestNormal;
  if (isDivisorSmall && !Number.isFinite(found)) return { exact: found ?? Number.NaN, allowed: 0 };
  const exact = x / y;
  const lost = Math.abs(x) < smallestNormal ? Math.abs(exact) : 0;
  return { exact, allowed: allowedUnits * unit * Math.abs(exact) + lost + smallestNormal };
}

/** The root of what is taken for zero may be as large as 2⁻⁶³. */
function rootOf(x: number): Expected {
  const exact = Math.sqrt(x);
  return { exact, allowed: allowedUnits * unit * exact + (x < smallestNormal ? exact : 0) };
}

const at = ({ data }: Numbers, i: number): number => data[i % data.length] ?? Number.NaN;

/** Numbers reach the backend and come back as they were. Those below 2⁻¹²⁶ may come back as zero. */
import { measure, smallestNormal } from './allowed-error.ts';
import type { Probe } from './probe.ts';
import { everyExponent, listed } from './sample-numbers.ts';

export const bitsKept: Probe = {
  name: 'numbers kept',
  assumes: 'a number has 24 bits and the whole range of exponents, going up, moved about, and coming down',
  allowed: 'nothing',
  async run(compute) {
    const numbers = everyExponent(1).slice(0, 1020);
    numbers[7] = Number.NaN;
    const [rows, columns] = [20, 51];
    const copied = await compute({ kind: 'copy' }, listed(numbers));
    const turned = await compute({ kind: 'transpose' }, listed(numbers, rows, columns));
    const exact = { copy: (i: number) => numbers[i] ?? 0, turned: (i: number) => numbers[turn(i, rows, columns)] ?? 0 };
    const isKept = isSmallKept(copied, numbers.length, exact.copy) && isSmallKept(turned, numbers.length, exact.turned);
    const measures = [
      measure('copy', copied, numbers.length, i => keptOrZero(exact.copy(i))),
      measure('transpose', turned, numbers.length, i => keptOrZero(exact.turned(i))),
    ] as const;
    return {
      worst: measures[0].share > 0 ? measures[0] : measures[1],
      findings: [{ name: 'numbers below 2⁻¹²⁶, only moved', value: isKept ? 'kept' : 'zero' }],
    };
  },
};

/** Where entry `i` of the transpose lies in the matrix. */
const turn = (i: number, rows: number, columns: number): number => (i % rows) * columns + Math.floor(i / rows);
const isSmall = (value: number): boolean => Math.abs(value) < smallestNormal;
const keptOrZero = (exact: number) => ({ exact, allowed: isSmall(exact) ? Math.abs(exact) : 0 });

function isSmallKept(found: ArrayLike<number>, size: number, exact: (i: number) => number): boolean {
  for (let i = 0; i < size; i++) if (isSmall(exact(i)) && found[i] !== exact(i)) return false;
  return true;
}

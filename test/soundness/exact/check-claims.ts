/** Holds what certificates claim against what was seen: the failures, worst first. */
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import type { Claims } from './claims.ts';
import { compareEntry, gapTo, toNumbers } from './exact-vector.ts';
import type { Seen } from './extremes.ts';
import type { Findings, Observed } from './observe.ts';
import type { ExactSubject } from './subject.ts';

export interface Failure {
  /** `margin` where J is above a margin, `lower` and `upper` where an activation leaves its bound. */
  readonly kind: 'margin' | 'lower' | 'upper';
  readonly network: 'real' | 'float32';
  readonly claims: string;
  readonly nonlinearity: string | null;
  readonly entry: number;
  readonly claimed: number;
  /** By how much the claim is wrong; infinite where the value is no number. */
  readonly excess: number;
  /** J is positive. */
  readonly isCertified: boolean;
  /** A point shows that the example is not robust although it is certified. */
  readonly isRefuted: boolean;
  readonly seen: Seen;
}

export interface Checked {
  readonly failures: readonly Failure[];
  readonly comparisons: number;
}

export function checkClaims({ graph, label }: ExactSubject, { real, float32 }: Observed, claims: Claims): Checked {
  const failures: Failure[] = [];
  let comparisons = 0;
  const others = Array.from(claims.margins, (_, entry) => entry).filter(entry => entry !== label);
  const isCertified = others.every(entry => isProof(claims.margins[entry]!));

  const compare = (
    network: Failure['network'],
    kind: Failure['kind'],
    nonlinearity: string | null,
    entry: number,
    claimed: number,
    seen: Seen,
  ): void => {
    // What is not finite claims nothing.
    if (!Number.isFinite(claimed)) return;
    // Magnitudes that float64 holds may overflow in float32: the interpreter cannot know.
    if (seen.exact === null && claims.arithmetic === 'float64') return;
    comparisons++;
    const excess = excessOf(kind === 'upper' ? 1 : -1, claimed, seen);
    if (!(excess > 0)) return;
    const isRefuted = kind === 'margin' && isCertified && !(seen.about > 0);
    failures.push({
      kind,
      network,
      claims: claims.name,
      nonlinearity,
      entry,
      claimed,
      excess,
      isCertified,
      isRefuted,
      seen,
    });
  };

  const compareAll = (network: Failure['network'], findings: Findings): void => {
    const margins = findings.get('margins');
    if (margins !== undefined)
      for (const entry of others)
        compare(network, 'margin', null, entry, claims.margins[entry]!, margins.least[entry]!);
    for (const layer of graph.layers) {
      const { id, inputs } = layer;
      const own = hasRole(layer, 'nonlinearity') ? claims.bounds[id] : undefined;
      const extremes = own === undefined ? undefined : findings.get(inputs[0]!);
      if (own === undefined || extremes === undefined) continue;
      for (const [entry, seen] of extremes.least.entries())
        compare(network, 'lower', id, entry, own.lower[entry]!, seen);
      for (const [entry, seen] of extremes.greatest.entries())
        compare(network, 'upper', id, entry, own.upper[entry]!, seen);
    }
  };
  compareAll('real', real);
  compareAll('float32', float32);
  return { failures: failures.sort((a, b) => rank(b) - rank(a) || b.excess - a.excess), comparisons };
}

/** Only finite positive margins certify. */
export const isProof = (margin: number): boolean => margin > 0 && margin < Number.POSITIVE_INFINITY;

const rank = ({ isRefuted, isCertified, kind }: Failure): number =>
  isRefuted ? 4 : kind !== 'margin' ? 1 : isCertified ? 3 : 2;

/** How far the value is beyond the finite claim, on the side where nothing may be; positive for a failure. */
function excessOf(side: 1 | -1, claimed: number, { about, exact }: Seen): number {
  // NaN keeps no claim.
  if (exact === null) return (side > 0 ? claimed >= about : claimed <= about) ? 0 : Number.POSITIVE_INFINITY;
  const { vector, entry } = exact;
  if (compareEntry(vector, entry, claimed) * side <= 0) return 0;
  // The smallest number when the excess is too small for a double.
  return Math.abs(gapTo(vector, entry, claimed)) || Number.MIN_VALUE;
}

export function printFailure(failure: Failure): string {
  const { kind, network, claims, nonlinearity, entry, claimed, excess, seen, isRefuted, isCertified } = failure;
  const what = nonlinearity === null ? `J of class ${entry}` : `the ${kind} bound of ${nonlinearity}, entry ${entry},`;
  const place = network === 'real' ? 'in real numbers' : 'in float32';
  const verdict = isRefuted
    ? 'a false certificate'
    : isCertified
      ? 'the example is certified'
      : 'the example is not certified';
  return [
    `${claims}: ${what} is ${claimed}, ${place} it is ${seen.about} (${seen.how}): wrong by ${excess} (${verdict})`,
    `point [${toNumbers(seen.point).join(', ')}]`,
  ].join('\n');
}

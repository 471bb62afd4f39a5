/** How near claims come to what was seen, in units of rounding. */
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import { isProof } from './check-claims.ts';
import type { Claims } from './claims.ts';
import { gapTo } from './exact-vector.ts';
import type { Seen } from './extremes.ts';
import { magnitudes } from './magnitudes.ts';
import type { Observed } from './observe.ts';
import type { ExactSubject } from './subject.ts';

export interface Slack {
  /** Largest `(J − margin) / (sizes · 2⁻²⁴)` over all claims, where sizes are those of all that is added up in the margin; −∞ when there is none. */
  readonly worstMargin: number;
  /** The same of bounds of activations. */
  readonly worstBound: number;
  /** Whether a claimant certifies the example, and whether one does with J within one percent of the least margin seen. */
  readonly isCertified: boolean;
  readonly isClose: boolean;
}

export function slackOf(subject: ExactSubject, observed: Observed, claims: readonly Claims[]): Slack {
  const { graph, label } = subject;
  const { real, float32 } = observed;
  const sizes = magnitudes(subject, observed);
  const logits = sizes.get(graph.output)!;
  const least = [real, float32].flatMap(findings => findings.get('margins') ?? []);
  const others = Array.from(logits, (_, entry) => entry).filter(entry => entry !== label);
  let [worstMargin, worstBound] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [isCertified, isClose] = [false, false];
  for (const { margins, bounds, arithmetic } of claims) {
    const relevant = (seen: Seen): boolean => arithmetic === 'float32' || seen.exact !== null;
    for (const entry of others)
      for (const { least: seen } of least)
        if (relevant(seen[entry]!))
          worstMargin = Math.max(worstMargin, share(margins[entry]!, seen[entry]!, 1, logits[label]! + logits[entry]!));
    for (const layer of graph.layers) {
      const { id, inputs } = layer;
      const own = hasRole(layer, 'nonlinearity') ? bounds[id] : undefined;
      const size = sizes.get(inputs[0] ?? id)!;
      for (const findings of own === undefined ? [] : [real, float32]) {
        const extremes = findings.get(inputs[0]!);
        for (const [entry, seen] of extremes?.least.entries() ?? [])
          if (relevant(seen)) worstBound = Math.max(worstBound, share(own!.lower[entry]!, seen, 1, size[entry]!));
        for (const [entry, seen] of extremes?.greatest.entries() ?? [])
          if (relevant(seen)) worstBound = Math.max(worstBound, share(own!.upper[entry]!, seen, -1, size[entry]!));
      }
    }
    if (!others.every(entry => isProof(margins[entry]!))) continue;
    isCertified = true;
    const gapOf = (entry: number): number => Math.min(...least.map(({ least: seen }) => seen[entry]!.about));
    isClose ||= others.every(entry => gapOf(entry) - margins[entry]! <= 0.01 * gapOf(entry));
  }
  return { worstMargin, worstBound, isCertified, isClose };
}

/** Positive where the claim is wrong. −∞ where there is nothing to compare. */
function share(claimed: number, { exact, about }: Seen, side: 1 | -1, size: number): number {
  if (!Number.isFinite(claimed) || !Number.isFinite(size) || size === 0) return Number.NEGATIVE_INFINITY;
  if (exact === null) return Number.isNaN(about) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return (-side * gapTo(exact.vector, exact.entry, claimed)) / (size * 2 ** -24);
}

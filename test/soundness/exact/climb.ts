/** A search for the rounding: changes of a subject's numbers that bring what is claimed nearer to, or further above, what is true. */
import { seededNumbers } from '../../support/program-inputs.ts';
import type { Claimant } from './claims.ts';
import { chance, type Next, nudged, pick, whole } from './families/drawing.ts';
import { type ExactEffort, observe } from './observe.ts';
import { slackOf } from './slack.ts';
import type { ExactSubject } from './subject.ts';

const effort: ExactEffort = { points: 3, steps: 2, neurons: 0, pieces: 1, rounded: 2 };

/** Below it float32 holds no radius at full precision, and modules refuse it. */
const leastRadius = 2 ** -126;

/** The subject after the changes, of `steps` tried, that made it worse for the claimant. */
export function climb(start: ExactSubject, claimant: Claimant, steps: number, next: Next): ExactSubject {
  // Logits straight from the input: there are no numbers to change.
  if (Object.keys(start.params).length === 0) return start;
  const aim = chance(next, 0.7) ? 'worstMargin' : 'worstBound';
  const score = (subject: ExactSubject): number => {
    const observed = observe(subject, effort, seededNumbers(1));
    return slackOf(subject, observed, [claimant.claim(subject)])[aim];
  };
  let [best, height] = [start, score(start)];
  for (let step = 0; step < steps; step++) {
    const candidate = changed(best, next);
    const own = score(candidate);
    if (own >= height) [best, height] = [candidate, own];
  }
  return best;
}

function changed(subject: ExactSubject, next: Next): ExactSubject {
  const { params, epsilon } = subject;
  const names = Object.keys(params);
  const name = pick(next, names);
  const replaced = (own: string, values: Float32Array): ExactSubject['params'] =>
    values.every(Number.isFinite) ? { ...params, [own]: values } : params;
  const values = params[name]!;
  const at = whole(next, 0, values.length - 1);
  const with_ = (value: number): ExactSubject => ({ ...subject, params: replaced(name, values.with(at, value)) });
  return pick(next, [
    () => with_(nudged(next, values[at]!, 3)),
    () => with_(pick(next, [0, 1, -1, -values[at]!, 2 * values[at]!, values[at]! / 2])),
    () => with_(-values[whole(next, 0, values.length - 1)]!),
    () => with_(values[whole(next, 0, values.length - 1)]!),
    // A whole layer on another scale, and the next one back.
    () => {
      const power = 2 ** whole(next, -8, 8);
      const weights = names.filter(own => own.endsWith('.weight'));
      const first = whole(next, 0, Math.max(0, weights.length - 2));
      const scaled = [weights[first]!, ...(first + 1 < weights.length ? [weights[first + 1]!] : [])];
      const both = scaled.map(
        (own, i) => [own, params[own]!.map(value => value * (i === 0 ? power : 1 / power))] as const,
      );
      return both.every(([, own]) => own.every(Number.isFinite))
        ? { ...subject, params: { ...params, ...Object.fromEntries(both) } }
        : subject;
    },
    () => ({
      ...subject,
      params: replaced(
        name,
        values.map(value => nudged(next, value)),
      ),
    }),
    () => ({ ...subject, epsilon: Math.max(leastRadius, epsilon * pick(next, [0.5, 0.9, 1.1, 2, 1 + 2 ** -30])) }),
  ])();
}

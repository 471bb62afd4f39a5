/** The thresholds of a cascade, chosen by examples that trained nothing and test nothing. */
import type { CascadeRule, StageVerdicts } from './cascade.ts';
import { guaranteed } from './guarantee.ts';

/** Rounds over all stages; each one can only gain. */
const rounds = 3;

interface Choice {
  readonly thresholds: readonly number[];
  /** Examples guaranteed. */
  readonly count: number;
}

/**
 * Thresholds under which many examples are guaranteed, found stage by stage with the others held: from 0, and from each stage left alone,
 * the others silenced. A threshold matters where it reaches the lead of a wrong class: only these and 0 are tried, and of those that are equally good
 * the first is taken. Under the rule `agreement` that is 0 (`guarantee.ts`).
 */
export function chooseThresholds(
  stages: readonly StageVerdicts[],
  rule: CascadeRule,
  labels: Int32Array,
): readonly number[] {
  const judge = (thresholds: readonly number[]): Choice => ({
    thresholds,
    count: labels.reduce((sum, label, at) => sum + Number(guaranteed(stages, { rule, thresholds }, label, at)), 0),
  });
  const candidates = stages.map(stage => [0, ...wrongLeads(stage, labels)]);
  const silent = candidates.map(leads => leads.at(-1)!);
  const starts = [stages.map(() => 0), ...stages.map((_, alone) => silent.with(alone, 0))];
  return starts.map(start => climb(judge(start), candidates, judge)).reduce(better).thresholds;
}

function climb(
  start: Choice,
  candidates: readonly (readonly number[])[],
  judge: (thresholds: readonly number[]) => Choice,
): Choice {
  let best = start;
  for (let round = 0; round < rounds; round++) {
    const before = best;
    for (const [stage, values] of candidates.entries()) {
      const from = best.thresholds;
      for (const value of values) best = better(best, judge(from.with(stage, value)));
    }
    if (best === before) break;
  }
  return best;
}

const better = (first: Choice, second: Choice): Choice => (second.count > first.count ? second : first);

/** Of each class that a stage predicts wrongly, in increasing order. */
function wrongLeads({ classes, leads }: StageVerdicts, labels: Int32Array): Float64Array {
  return Float64Array.from(
    new Set(leads.filter((lead, example) => lead > 0 && classes[example] !== labels[example])),
  ).sort();
}

/** Verdicts written by hand, and a cascade told again in the words of the paper: an oracle for `answers.ts` and `guarantee.ts`. */
import type { Cascade, StageVerdicts } from '../../../runtime/cascade/cascade.ts';

/** What one stage says of one point: the class it predicts, its lead, and its least margin when that is positive. */
export type Said = readonly [predicted: number, lead: number, margin: number];

/** One stage for each argument, one example for each entry. */
export function stagesSaying(...stages: readonly (readonly Said[])[]): StageVerdicts[] {
  return stages.map(said => ({
    classes: Int32Array.from(said, ([predicted]) => predicted),
    leads: Float64Array.from(said, ([, lead]) => lead),
    margins: Float32Array.from(said, ([, , margin]) => margin),
    notComputed: [],
  }));
}

/** The class that is answered at a point, or null. */
export function toldAnswer(
  stages: readonly StageVerdicts[],
  { rule, thresholds }: Cascade,
  point: number,
): number | null {
  const before: number[] = [];
  let stage = 0;
  for (const { classes, margins } of stages) {
    const own = classes[point]!;
    const isSure = margins[point]! > thresholds[stage]!;
    const isAlone = before.some(other => other !== own);
    if (isSure && (rule === 'first' || !isAlone)) return own;
    before.push(own);
    stage += 1;
  }
  return null;
}

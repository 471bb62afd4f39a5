/**
 * What is proved of a cascade's answers in the whole ball around an example (docs/cascades.md). Algorithm 2 of the paper counts an
 * example as robust when the stage that answers *there* is; but at another point of the ball another stage may answer.
 *
 * Let B(x) be the ball around x, cut by the box; x and x' in the box lie each in the other's ball, or neither does. Let stage j answer
 * the class t at x' ∈ B(x). Then its margins over B(x') exceed its threshold, and x ∈ B(x'). So
 *
 *     (1)  at x itself stage j predicts t, with a lead above its threshold.
 *
 * A stage that certifies y at x, at whatever threshold ≥ 0,
 *
 *     (2)  predicts y at every x' ∈ B(x).
 *
 * Rule `first`. By (1) no stage answers anything but y in B(x) if each one predicts y at x, or has a lead at x of no more than its threshold.
 *
 * Rule `agreement`. A stage j answers t only where all stages before it predict t. So stage j answers nothing but y in B(x) if it predicts
 * y at x, or has no lead above its threshold there (1), or if a stage before it certifies y at x (2).
 *
 * Here an answer is its own proof: if the cascade answers y at x, by stage j say, then it answers nothing else in B(x). For let stage k
 * answer t ≠ y at x' ∈ B(x). If k ≤ j, stage k predicts t at x by (1), but stage j certifies y there and all before it predict y. If
 * k > j, stage j predicts t at x', for all before k do, but y by (2). So what is answered rightly is guaranteed, thresholds gain
 * nothing, and a stage more never loses an example: it is asked only where those before it do not answer.
 *
 * Margins hold for the network of real numbers and as float32 computes it in any order (docs/soundness.md); leads are differences of
 * two float32 logits rounded to float64, and rounding keeps order: a lead that was computed is no less than a margin that was proved.
 */
import { answerAt, unknownRule } from './answers.ts';
import type { Cascade, StageVerdicts } from './cascade.ts';

/** Whether it is proved that no point of the ball is given a class other than `label`. Some may be given none. */
export function neverWrong(
  stages: readonly StageVerdicts[],
  { rule, thresholds }: Cascade,
  label: number,
  example: number,
): boolean {
  return stages.every(({ classes, leads }, stage) => {
    // Written so that NaN proves nothing.
    if (leads[example]! <= thresholds[stage]!) return true;
    if (classes[example] === label && !Number.isNaN(leads[example])) return true;
    switch (rule) {
      case 'first':
        return false;
      case 'agreement':
        return stages.slice(0, stage).some(before => before.classes[example] === label && before.margins[example]! > 0);
      default:
        throw unknownRule(rule);
    }
  });
}

/** Whether, besides, the example itself is given its label. */
export const guaranteed = (
  stages: readonly StageVerdicts[],
  cascade: Cascade,
  label: number,
  example: number,
): boolean => neverWrong(stages, cascade, label, example) && answerAt(stages, cascade, example)?.class === label;

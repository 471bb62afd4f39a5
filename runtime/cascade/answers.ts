/** What a cascade answers at a point, from what its stages say of it. */
import type { Answer, Cascade, StageVerdicts } from './cascade.ts';

/** Null when the cascade abstains. */
export function answerAt(
  stages: readonly StageVerdicts[],
  { rule, thresholds }: Cascade,
  example: number,
): Answer | null {
  for (const [stage, { classes, margins }] of stages.entries()) {
    const own = classes[example]!;
    // Written so that NaN proves nothing.
    if (!(margins[example]! > thresholds[stage]!)) continue;
    switch (rule) {
      case 'first':
        return { class: own, stage };
      case 'agreement':
        if (stages.slice(0, stage).every(before => before.classes[example] === own)) return { class: own, stage };
        break;
      default:
        throw unknownRule(rule);
    }
  }
  return null;
}

/** Cascades are read from files: what the types exclude is refused all the same. */
export const unknownRule = (rule: never): RangeError => new RangeError(`a cascade has no rule ${JSON.stringify(rule)}`);

/** The class to report where a cascade abstains and a guess is wanted: that of the last stage (Algorithm 2), or of the one all others have to agree with. */
export function guessAt(stages: readonly StageVerdicts[], { rule }: Cascade, example: number): number {
  switch (rule) {
    case 'first':
      return stages.at(-1)!.classes[example]!;
    case 'agreement':
      return stages[0]!.classes[example]!;
    default:
      throw unknownRule(rule);
  }
}

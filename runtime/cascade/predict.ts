/** What a cascade answers, and by which stage. Later stages are asked only about examples that are still open. */
import type { Params, RobustModel } from '../contract.ts';
import { type Examples, gatherExamples } from '../train/batches.ts';
import { answerAt, guessAt } from './answers.ts';
import type { Cascade, StageVerdicts } from './cascade.ts';
import {
  type CertifyCascadeOptions,
  checkStages,
  type Stages,
  stageVerdicts,
  tensorsOfStages,
} from './certify-cascade.ts';
import { nothingKnown } from './stage-verdicts.ts';

export interface Prediction {
  /** The answer, or a guess where the cascade abstains; −1 where the backend broke down or logits are no numbers. */
  readonly class: number;
  /** Number of the stage that certifies it, counted from 0; null where the cascade abstains. */
  readonly stage: number | null;
  /** The least margin of that stage over the ball; null where the cascade abstains. */
  readonly margin: number | null;
}

/**
 * One prediction for each example; labels play no part. An answer is certified at the example by its stage; what is proved of
 * other points of the ball, `certifyCascade` says, which knows the labels. Raises what `certifyCascade` does.
 */
export async function predictByCascade(
  stages: Stages,
  examples: Examples,
  options?: CertifyCascadeOptions,
): Promise<Prediction[]> {
  const { cascade: given, ...rest } = options ?? {};
  const { cascade, ...checked } = await checkStages(stages, examples, rest, given);
  const ask = async (model: RobustModel, params: Params, open: Examples): Promise<StageVerdicts> =>
    (await stageVerdicts(model, params, open, { ...checked, onBatch: () => {} }, tensorsOfStages(stages))).verdicts;
  return answerInTurn(stages, cascade, examples, (stage, open) => ask(stages.model, stages.params[stage]!, open));
}

/** As `predictByCascade`, behind the border; `ask` has a stage, counted from 0, look at some of the examples. */
export async function answerInTurn(
  { model, params }: Stages,
  cascade: Cascade,
  examples: Examples,
  ask: (stage: number, open: Examples) => Promise<StageVerdicts>,
): Promise<Prediction[]> {
  const count = examples.labels.length;
  const verdicts: StageVerdicts[] = [];
  const stageOf = new Array<number | null>(count).fill(null);
  for (const stage of params.keys()) {
    const open = Uint32Array.from(stageOf.keys()).filter(example => stageOf[example] === null);
    const seen = nothingKnown(count);
    if (open.length > 0) place(seen, await ask(stage, gatherExamples(examples, open, model.meta.inputShape)), open);
    verdicts.push(seen);
    for (const example of open) stageOf[example] = answerAt(verdicts, cascade, example)?.stage ?? null;
  }
  return stageOf.map((stage, example) => {
    if (stage === null) return { class: guessAt(verdicts, cascade, example), stage, margin: null };
    const { classes, margins } = verdicts[stage]!;
    return { class: classes[example]!, stage, margin: margins[example]! };
  });
}

function place(whole: StageVerdicts, part: StageVerdicts, at: Uint32Array): void {
  at.forEach((example, row) => {
    whole.classes[example] = part.classes[row]!;
    whole.margins[example] = part.margins[row]!;
    whole.leads[example] = part.leads[row]!;
  });
}

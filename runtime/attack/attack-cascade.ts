/**
 * The attack through the certificates of a cascade (the idea is that of "On the perils of cascading robust classifiers", ICLR 2023): it looks for a
 * point of the ball that the cascade *answers* wrongly, with a stage's certificate. What the paper counts as robust falls to it; an
 * example that is `guaranteed` must not.
 */
import * as tf from '@tensorflow/tfjs-core';
import { answerAt } from '../cascade/answers.ts';
import type { Cascade, StageVerdicts } from '../cascade/cascade.ts';
import { type Stages, tensorsOfStages } from '../cascade/certify-cascade.ts';
import { verdictsFrom } from '../cascade/stage-verdicts.ts';
import { forEachBatch } from '../certify/breakdown-proof-batches.ts';
import { foldIn } from '../random/random-key.ts';
import { type Rate, rateOf } from '../statistics/rate.ts';
import { type Examples, gatherBatch, gatherExamples, tensorsOf } from '../train/batches.ts';
import type { Search } from './attack-options.ts';
import { project } from './ball.ts';
import { climb, perturb } from './moves.ts';

/** Answers are looked at this often in a run, and at its end: certificates take longer than gradients. */
const looks = 8;

/** What was found, example by example. Plain data: it can be sent from one thread to another. */
export interface FoundAnswers {
  /** Per example: whether a point of its ball was found that the cascade answers wrongly; the example itself counts. */
  readonly broken: readonly boolean[];
  /** Per example the point found, or the example where none was: `[examples, …input shape]`, flattened. */
  readonly points: Float32Array;
  /** Examples in which the backend broke down each time; they count as not broken. */
  readonly notComputed: number[];
}

export interface CascadeAttackReport extends FoundAnswers {
  readonly attack: Rate;
}

export interface CascadeAttackPart {
  readonly search: Search;
  /** Examples at a time. */
  readonly batch: number;
  /** Number of the first example: it decides the random points. */
  readonly first: number;
}

/**
 * Searches the balls of examples on the current backend, batch by batch. For each stage and the wrong class that it holds for the likeliest at the
 * example, it goes down the cross entropies of that class in this stage and those before it, whose certificates of the label have
 * to give way. The same key gives the same points, however examples are cut into parts.
 */
export async function searchThroughCertificates(
  stages: Stages,
  cascade: Cascade,
  examples: Examples,
  { search, batch, first }: CascadeAttackPart,
  onBatch: (done: number, broken: number) => void,
): Promise<FoundAnswers> {
  const count = examples.labels.length;
  const size = examples.values.length / count;
  const points = examples.values.slice();
  const broken = new Array<boolean>(count).fill(false);
  const notComputed: number[] = [];
  await forEachBatch({
    count,
    batch,
    params: {},
    alive: tensorsOfStages(stages),
    async compute(indices) {
      const start = indices[0]!;
      const part = gatherExamples(examples, indices, stages.model.meta.inputShape);
      const found = await searchBatch(stages, cascade, part, search, first + start);
      points.set(found.points, start * size);
      found.broken.forEach((fell, row) => {
        broken[start + row] = fell;
      });
    },
    giveUp: example => void notComputed.push(example),
    onBatch: done => onBatch(done, broken.filter(Boolean).length),
  });
  return { broken, points, notComputed };
}

export const reportAnswers = (found: FoundAnswers): CascadeAttackReport => ({
  ...found,
  attack: rateOf(found.broken.filter(Boolean).length, found.broken.length),
});

async function searchBatch(
  stages: Stages,
  cascade: Cascade,
  examples: Examples,
  search: Search,
  first: number,
): Promise<Pick<FoundAnswers, 'broken' | 'points'>> {
  const { values: centres, labels } = examples;
  const size = centres.length / labels.length;
  const points = centres.slice();
  const broken = new Array<boolean>(labels.length).fill(false);
  const rowOf = (values: Float32Array, example: number): Float32Array =>
    values.subarray(example * size, (example + 1) * size);
  const stillOpen = (): Uint32Array => Uint32Array.from(broken.keys()).filter(example => !broken[example]);

  /** Marks the open examples whose points are answered wrongly now. */
  const look = async (): Promise<void> => {
    const open = stillOpen();
    if (open.length === 0) return;
    const here = gatherExamples({ values: points, labels }, open, stages.model.meta.inputShape);
    const verdicts = await verdictsOf(stages, here, search.epsilon);
    open.forEach((example, row) => {
      const answer = answerAt(verdicts, cascade, row);
      broken[example] = answer !== null && answer.class !== labels[example];
    });
  };

  await look();
  const rivals = await rivalsOf(stages, examples);
  for (let restart = 0; restart < search.restarts; restart++) {
    for (const [stage, targets] of rivals.entries()) {
      for (const example of stillOpen()) {
        rowOf(points, example).set(rowOf(centres, example));
        const key = foldIn(foldIn(search.key, restart), first + example);
        if (restart > 0) perturb(rowOf(points, example), rowOf(centres, example), key, search);
      }
      for (let step = 1; step <= search.steps; step++) {
        const open = stillOpen();
        if (open.length === 0) return { broken, points };
        const uphill = await towards(stages, stage, { values: points, labels: targets }, open);
        open.forEach((example, row) => {
          climb(rowOf(points, example), rowOf(uphill, row), search);
          project(rowOf(points, example), rowOf(centres, example), search);
        });
        if (step === search.steps || step % Math.ceil(search.steps / looks) === 0) await look();
      }
    }
  }
  for (const example of stillOpen()) rowOf(points, example).set(rowOf(centres, example));
  return { broken, points };
}

async function verdictsOf({ model, params }: Stages, examples: Examples, epsilon: number): Promise<StageVerdicts[]> {
  const { x, labels } = tensorsOf(examples, model.meta.inputShape);
  const verdicts: StageVerdicts[] = [];
  for (const own of params) {
    const given = await model.certificate(own, x, epsilon);
    const read = {
      classes: Int32Array.from(await given.classes.data<'int32'>()),
      margins: (await given.margins.data<'float32'>()).slice(),
      logits: (await given.logits.data<'float32'>()).slice(),
    };
    tf.dispose([given.classes, given.margins, given.logits]);
    verdicts.push(verdictsFrom({ ...read, notComputed: [] }, model.meta));
  }
  tf.dispose([x, labels]);
  return verdicts;
}

/** By stage, the likeliest class of each example but its label. */
async function rivalsOf({ model, params }: Stages, { values, labels }: Examples): Promise<Int32Array[]> {
  const { inputShape, classes } = model.meta;
  const x = tf.tensor(values, [labels.length, ...inputShape]);
  const rivals: Int32Array[] = [];
  for (const own of params) {
    const output = model.forward(own, x);
    const logits = await output.data<'float32'>();
    output.dispose();
    rivals.push(
      labels.map((label, example) => largestBut(label, logits.subarray(example * classes, (example + 1) * classes))),
    );
  }
  x.dispose();
  return rivals;
}

function largestBut(label: number, logits: Float32Array): number {
  let largest = label === 0 ? 1 : 0;
  logits.forEach((logit, other) => {
    if (other !== label && logit > logits[largest]!) largest = other;
  });
  return largest;
}

/** Down the cross entropies of the labels in a stage and those before it, each of them of the same length. */
async function towards(
  { model, params }: Stages,
  stage: number,
  targets: Examples,
  open: Uint32Array,
): Promise<Float32Array> {
  const { x, labels } = gatherBatch(targets, open, model.meta.inputShape);
  const size = x.size / open.length;
  const sum = new Float32Array(x.size);
  for (const own of params.slice(0, stage + 1)) {
    const { crossEntropy, logits, gradient } = model.inputGradient(own, x, labels);
    const values = await gradient.data<'float32'>();
    tf.dispose([crossEntropy, logits, gradient]);
    for (let row = 0; row < open.length; row++) subtractUnit(sum, values, row * size, size);
  }
  tf.dispose([x, labels]);
  return sum;
}

/** Takes one example's gradient, scaled to length 1, off a sum; one that vanished or overflowed points nowhere. */
function subtractUnit(sum: Float32Array, gradient: Float32Array, at: number, size: number): void {
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(gradient[at + i]!));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return;
  let squares = 0;
  for (let i = 0; i < size; i++) squares += (gradient[at + i]! / largest) ** 2;
  const scale = 1 / (largest * Math.sqrt(squares));
  for (let i = 0; i < size; i++) sum[at + i]! -= scale * gradient[at + i]!;
}

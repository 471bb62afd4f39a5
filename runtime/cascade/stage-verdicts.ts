/** What a stage says of examples, from its certificates of the classes that it predicts. */
import type { Certificates } from '../certify/certificates.ts';
import type { ModelMeta } from '../contract.ts';
import { certified, isFiniteRow } from '../statistics/verdict.ts';
import type { StageVerdicts } from './cascade.ts';

/** Room for the verdicts on `count` examples. */
export const nothingKnown = (count: number): StageVerdicts => ({
  classes: new Int32Array(count).fill(-1),
  margins: new Float32Array(count).fill(Number.NaN),
  leads: new Float64Array(count).fill(Number.NaN),
  notComputed: [],
});

/** Of an example in which the backend broke down, or whose logits are no numbers, nothing is known: its class is −1, the rest NaN. */
export function verdictsFrom(
  { classes: predicted, margins, logits, notComputed }: Omit<Certificates, 'bounds'>,
  { classes }: ModelMeta,
): StageVerdicts {
  const verdicts = { ...nothingKnown(predicted.length), notComputed };
  const unknown = new Set(notComputed);
  predicted.forEach((own, example) => {
    const at = example * classes;
    // Where its certificate was not computed, the class is not that of the logits, which may be there all the same.
    if (unknown.has(example) || !isFiniteRow(logits, at, classes)) return;
    verdicts.classes[example] = own;
    verdicts.leads[example] = logits[at + own]! - largestOther(logits, at, classes, own);
    if (certified(margins, at, classes, own)) verdicts.margins[example] = leastOther(margins, at, classes, own);
  });
  return verdicts;
}

function leastOther(row: Float32Array, at: number, classes: number, own: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let other = 0; other < classes; other++) if (other !== own) least = Math.min(least, row[at + other]!);
  return least;
}

function largestOther(row: Float32Array, at: number, classes: number, own: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let other = 0; other < classes; other++) if (other !== own) largest = Math.max(largest, row[at + other]!);
  return largest;
}

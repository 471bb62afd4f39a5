/** What a stage says of examples, from its certificates of the classes that it predicts. */
import type { Certificates } from '../certify/certificates.ts';
import type { ModelMeta } from '../contract.ts';
import { certified, isFiniteRow } from '../statistics/verdict.ts';
import type { StageVerdicts } from './cascade.ts';

export function verdictsFrom(
  { classes: own, margins, logits, notComputed }: Certificates,
  { classes }: ModelMeta,
): StageVerdicts {
  const least = new Float32Array(own.length).fill(Number.NaN);
  const leads = new Float64Array(own.length);
  own.forEach((predicted, example) => {
    const at = example * classes;
    if (certified(margins, at, classes, predicted) && isFiniteRow(logits, at, classes))
      least[example] = leastOther(margins, at, classes, predicted);
    leads[example] = logits[at + predicted]! - largestOther(logits, at, classes, predicted);
  });
  return { classes: own, margins: least, leads, notComputed };
}

function leastOther(row: Float32Array, at: number, classes: number, own: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let other = 0; other < classes; other++) if (other !== own) least = Math.min(least, row[at + other]!);
  return least;
}

/** NaN when one of them is. */
function largestOther(row: Float32Array, at: number, classes: number, own: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let other = 0; other < classes; other++) if (other !== own) largest = Math.max(largest, row[at + other]!);
  return largest;
}

/**
 * What a row of numbers says about one example. Every rule is strict and reads NaN as the worse verdict, so the same
 * example is never certified and misclassified at once.
 */

/** True unless the label's logit is larger than every other. `row` starts at `at` in `logits`. */
export function misclassified(logits: Float32Array, at: number, classes: number, label: number): boolean {
  const own = logits[at + label]!;
  for (let other = 0; other < classes; other++) {
    if (other !== label && !(own > logits[at + other]!)) return true;
  }
  return false;
}

/** True when `J` is positive and finite for every class but the label (paper, with the signs of its errata): an infinite one has overflowed. */
export function certified(margins: Float32Array, at: number, classes: number, label: number): boolean {
  if (!isFiniteRow(margins, at, classes)) return false;
  for (let other = 0; other < classes; other++) {
    if (other !== label && !(margins[at + other]! > 0)) return false;
  }
  return true;
}

/** False when a number of the row is NaN or infinite: then it says nothing of its example. */
export function isFiniteRow(row: Float32Array, at: number, classes: number): boolean {
  for (let entry = 0; entry < classes; entry++) if (!Number.isFinite(row[at + entry])) return false;
  return true;
}

/** Cross entropy of the logits `sign · row` against the label, in float64; NaN when an entry is. */
export function crossEntropy(row: Float32Array, at: number, classes: number, label: number, sign: 1 | -1 = 1): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let entry = 0; entry < classes; entry++) largest = Math.max(largest, sign * row[at + entry]!);
  let sum = 0;
  for (let entry = 0; entry < classes; entry++) sum += Math.exp(sign * row[at + entry]! - largest);
  return largest + Math.log(sum) - sign * row[at + label]!;
}

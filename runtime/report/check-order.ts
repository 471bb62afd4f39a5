/** A certificate that an attack refutes, or rates in an impossible order: a mistake of dualc, never of its user. */
export class SoundnessError extends Error {
  override readonly name = 'SoundnessError';
}

/** What is known of each example; `broken` by an attack, when there was one, and null where it did not come to an end. */
export interface Verdicts {
  readonly misclassified: readonly boolean[];
  readonly certified: readonly boolean[];
  readonly broken?: readonly (boolean | null)[];
}

/**
 * Asserts for every example, and so for the rates too, that misclassified ⇒ broken ⇒ not certified: standard error ≤
 * attack error ≤ certified error. Raises `SoundnessError` with the example's index.
 */
export function checkOrder({ misclassified, certified, broken }: Verdicts): void {
  misclassified.forEach((wrong, example) => {
    const fell = broken?.[example] ?? wrong;
    if (certified[example] && wrong) throw soundness(example, 'is certified although the network misclassifies it');
    if (certified[example] && fell)
      throw soundness(example, 'is certified, but the attack found a misclassified point in its ball');
    if (wrong && !fell) throw soundness(example, 'is misclassified, but the attack does not count it as broken');
  });
}

function soundness(example: number, what: string): SoundnessError {
  return new SoundnessError(
    `example ${example} ${what}. This is a bug in dualc: please report it with the architecture, the weights and this example`,
  );
}

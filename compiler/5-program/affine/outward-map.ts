/**
 * What a layer's map becomes where its result must not be too small: `(|W| + φ) x + share·|b| + n·floor`. The kernel's floor `φ`
 * covers weights that are flushed to zero, the other one what is flushed in the sum of `n` products.
 */
export interface OutwardMap {
  readonly kind: 'outward';
  /** How often the size of the bias counts. */
  readonly biasShare: number;
  /** Added once for each of the products in a sum. */
  readonly floor: number;
}

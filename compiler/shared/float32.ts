/** Whether float32 holds the number at full precision: not rounded to 0, to infinity, or to one that backends may take for 0. */
export function isNormalFloat32(value: number): boolean {
  const held = Math.abs(Math.fround(value));
  return held >= 2 ** -126 && Number.isFinite(held);
}

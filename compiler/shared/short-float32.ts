/** Of the numbers that mean the same float32, the one of fewest digits; a number that is no float32 as it is. */
export function shortFloat32(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

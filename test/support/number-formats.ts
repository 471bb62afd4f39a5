/** Numbers with fewer bits than float32, and ways to lose bits. */

/** To nearest with so many bits of significand, 24 for float32, whatever the exponent; ties to even. */
export function toBits(x: number, bits: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const place = 2 ** (Math.floor(Math.log2(Math.abs(x))) - bits + 1);
  return roundToEven(x / place) * place;
}

function roundToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}

/** Toward zero, to float32. */
export function cutOff(x: number): number {
  const rounded = Math.fround(x);
  if (!(Math.abs(rounded) > Math.abs(x))) return rounded;
  const word = new Int32Array(Float32Array.of(rounded).buffer);
  word[0]!--;
  return new Float32Array(word.buffer)[0]!;
}

export const tf32 = (x: number): number => toBits(x, 11);
export const bfloat16 = (x: number): number => toBits(x, 8);

/** Half precision: also its range. */
export function float16(x: number): number {
  const size = Math.abs(x);
  if (size >= 65520) return Math.sign(x) * Number.POSITIVE_INFINITY;
  return size < 2 ** -14 ? roundToEven(x * 2 ** 24) / 2 ** 24 : toBits(x, 11);
}

export const zeroBelow =
  (smallest: number) =>
  (x: number): number =>
    Math.abs(x) < smallest ? 0 : x;

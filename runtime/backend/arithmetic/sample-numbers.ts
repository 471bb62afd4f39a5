/** Operands of the probes. All of them are the same in every run. */
import type { Numbers } from './probe-op.ts';
import { sizeOf } from './probe-op.ts';

/** A generator of uniform 32-bit integers (xorshift; Marsaglia 2003). */
function integers(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) ^ 0x6d2b79f5) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Uniform in [−1, 1), with all 24 bits of significand. */
export function mixed(seed: number, ...shape: number[]): Numbers {
  const next = integers(seed);
  return made(() => next() / 2 ** 31 - 1, ...shape);
}

export function filled(value: number, ...shape: number[]): Numbers {
  return { shape, data: new Float32Array(sizeOf(shape)).fill(value) };
}

export function listed(values: ArrayLike<number>, ...shape: number[]): Numbers {
  return { shape: shape.length === 0 ? [values.length] : shape, data: Float32Array.from(values) };
}

/** Entry by entry. */
export function made(entry: (index: number) => number, ...shape: number[]): Numbers {
  const data = new Float32Array(sizeOf(shape));
  // Array.from takes ten times as long.
  for (let i = 0; i < data.length; i++) data[i] = entry(i);
  return { shape, data };
}

/** For each exponent and sign a random significand and the smallest or the largest; zeros and infinities: 1,021 numbers in random order. */
export function everyExponent(seed: number): Float32Array {
  const next = integers(seed);
  const words: number[] = [0x7f800000, 0xff800000, 0x80000000];
  for (let exponent = 0; exponent < 255; exponent++) {
    for (const sign of [0, 0x80000000]) {
      const start = sign + exponent * 2 ** 23;
      words.push(start + (next() >>> 9), exponent % 2 === 0 ? start : start + 0x7fffff);
    }
  }
  for (let i = words.length - 1; i > 0; i--) {
    const other = next() % (i + 1);
    [words[i], words[other]] = [words[other] ?? 0, words[i] ?? 0];
  }
  return new Float32Array(Uint32Array.from(words).buffer).slice(0, 1021);
}

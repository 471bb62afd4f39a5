/** Distributions drawn from keys. Words become numbers in float64 and are rounded to float32 once. */
import type { RandomKey } from '../contract.ts';
import { randomWords } from './random-key.ts';

const wordStep = 2 ** -32;

/** `count` numbers, uniform in [0, 1): multiples of 2⁻²⁴. */
export function uniform(key: RandomKey, count: number): Float32Array {
  const words = randomWords(key, count);
  const draws = new Float32Array(count);
  for (let i = 0; i < count; i++) draws[i] = (words[i]! >>> 8) * 2 ** -24;
  return draws;
}

/** `count` standard normal numbers, two from each pair of words (Box and Muller, 1958). */
export function normal(key: RandomKey, count: number): Float32Array {
  const words = randomWords(key, count + (count & 1));
  const draws = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = Math.sqrt(-2 * Math.log((words[i]! + 0.5) * wordStep));
    const angle = 2 * Math.PI * words[i + 1]! * wordStep;
    draws[i] = radius * Math.cos(angle);
    if (i + 1 < count) draws[i + 1] = radius * Math.sin(angle);
  }
  return draws;
}

/** `count` standard Cauchy numbers, `tan(π(p − ½))` with `p` strictly between 0 and 1, so every draw is finite. */
export function cauchy(key: RandomKey, count: number): Float32Array {
  const words = randomWords(key, count);
  const draws = new Float32Array(count);
  for (let i = 0; i < count; i++) draws[i] = Math.tan(Math.PI * ((words[i]! + 0.5) * wordStep - 0.5));
  return draws;
}

/** The numbers 0 … n − 1 in an order drawn from `key` (Fisher and Yates; every order is equally likely to within n · 2⁻³²). */
export function permutation(key: RandomKey, n: number): Uint32Array {
  const words = randomWords(key, n);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(words[i]! * wordStep * (i + 1));
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}

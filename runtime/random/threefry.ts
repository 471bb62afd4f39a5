/**
 * Threefry-2x32 with 20 rounds: a keyed bijection of 64-bit blocks that serves as a counter-based random generator
 * (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Only 32-bit additions,
 * rotations and exclusive ors, so the words are the same on every machine.
 */
const parity = 0x1bd11bda;

/**
 * Writes the image of each block `(first + i, domain)`, `i = 0, 1, …`, under the key `(k0, k1)` to `words[2i]` and
 * `words[2i + 1]`.
 */
export function threefryFill(k0: number, k1: number, first: number, domain: number, words: Uint32Array): void {
  const k2 = parity ^ k0 ^ k1;
  for (let at = 0, counter = first; at < words.length; at += 2, counter++) {
    let a = (counter + k0) | 0;
    let b = (domain + k1) | 0;
    // The three key words take turns: after group g, words g and g + 1 (mod 3, from k1 on) are added.
    let [now, next, last] = [k1, k2, k0];
    for (let group = 1; group <= 5; group++) {
      const odd = (group & 1) === 1;
      a = (a + b) | 0;
      b = (odd ? (b << 13) | (b >>> 19) : (b << 17) | (b >>> 15)) ^ a;
      a = (a + b) | 0;
      b = (odd ? (b << 15) | (b >>> 17) : (b << 29) | (b >>> 3)) ^ a;
      a = (a + b) | 0;
      b = (odd ? (b << 26) | (b >>> 6) : (b << 16) | (b >>> 16)) ^ a;
      a = (a + b) | 0;
      b = (odd ? (b << 6) | (b >>> 26) : (b << 24) | (b >>> 8)) ^ a;
      a = (a + now) | 0;
      b = (b + next + group) | 0;
      const first = now;
      now = next;
      next = last;
      last = first;
    }
    words[at] = a;
    if (at + 1 < words.length) words[at + 1] = b;
  }
}

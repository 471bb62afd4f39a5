/** Sums of products as float32 hardware may form them: orders, fused multiply-adds, subnormals flushed to zero. */

const tiny = 2 ** -126;

/** What a processor that flushes takes for the number. */
export const flushed = (value: number): number => (Math.abs(value) < tiny ? 0 : value);
const kept = (value: number): number => value;

/** `a·b + c` of float32 numbers, rounded once. */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  // Exact: 48 bits.
  const product = a * b;
  const total = product + c;
  if (!Number.isFinite(total)) return Math.fround(total);
  // What the double sum lost (Knuth's two-sum). Rounding it to odd makes the second rounding, to float32, the only one that counts.
  const back = total - product;
  const lost = product - (total - back) + (c - back);
  return Math.fround(lost === 0 ? total : oddNeighbour(total, lost));
}

const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);

/** The double itself if its last bit is set, else the next one towards the sign of `lost`. */
function oddNeighbour(total: number, lost: number): number {
  number[0] = total;
  if ((bits[0]! & 1n) === 1n) return total;
  if (total === 0) return lost;
  bits[0]! += lost > 0 === total > 0 ? 1n : -1n;
  return number[0]!;
}

export interface SumRule {
  readonly name: string;
  /** The order in which products are added; the sum's own products are given, to be sorted by. */
  readonly order: 'forward' | 'backward' | 'positive first' | 'negative first' | 'small first' | 'large first';
  readonly tree: 'sequence' | 'pairwise' | 'four lanes';
  readonly fused: boolean;
  readonly flush: boolean;
  readonly biasFirst: boolean;
}

const rule = (name: string, own: Partial<SumRule>): SumRule => ({
  order: 'forward',
  tree: 'sequence',
  fused: false,
  flush: false,
  biasFirst: false,
  ...own,
  name,
});

export const sumRules: readonly SumRule[] = [
  rule('left to right', {}),
  rule('right to left', { order: 'backward' }),
  rule('pairwise', { tree: 'pairwise' }),
  rule('fused', { fused: true, biasFirst: true }),
  rule('fused, right to left', { fused: true, order: 'backward' }),
  rule('flushed', { flush: true }),
  rule('fused and flushed', { fused: true, flush: true, biasFirst: true }),
  rule('four lanes', { tree: 'four lanes' }),
  rule('four lanes, fused', { tree: 'four lanes', fused: true }),
  rule('positive products first', { order: 'positive first', biasFirst: true }),
  rule('negative products first', { order: 'negative first' }),
  rule('small products first', { order: 'small first', flush: true }),
  rule('large products first', { order: 'large first', fused: true }),
];

/** `Σ weights[i]·xs[i] + bias` of float32 numbers. */
export function sumOfProducts(
  weights: readonly number[],
  xs: readonly number[],
  bias: number | null,
  how: SumRule,
): number {
  const settle = how.flush ? flushed : kept;
  const places = placesIn(weights, xs, how.order);
  const addProduct = (total: number, i: number): number => {
    const [w, x] = [settle(weights[i]!), settle(xs[i]!)];
    return settle(how.fused ? fusedMultiplyAdd(w, x, total) : Math.fround(total + settle(Math.fround(w * x))));
  };
  const add = (a: number, b: number): number => settle(Math.fround(settle(a) + settle(b)));
  const start = bias !== null && how.biasFirst ? settle(bias) : 0;
  const total = totalOf();
  return bias === null || how.biasFirst ? total : add(total, bias);

  function totalOf(): number {
    if (how.tree === 'sequence') return places.reduce(addProduct, start);
    if (how.tree === 'pairwise') return add(pairwise(0, places.length), start);
    const lanes = [0, 0, 0, 0];
    for (const [k, i] of places.entries()) lanes[k % 4] = addProduct(lanes[k % 4]!, i);
    return add(add(add(lanes[0]!, lanes[1]!), add(lanes[2]!, lanes[3]!)), start);
  }

  function pairwise(from: number, to: number): number {
    if (to - from === 0) return 0;
    if (to - from === 1) return addProduct(0, places[from]!);
    const middle = (from + to) >> 1;
    return add(pairwise(from, middle), pairwise(middle, to));
  }
}

function placesIn(weights: readonly number[], xs: readonly number[], order: SumRule['order']): readonly number[] {
  const places = weights.map((_, i) => i);
  const product = (i: number): number => weights[i]! * xs[i]!;
  switch (order) {
    case 'forward':
      return places;
    case 'backward':
      return places.reverse();
    case 'positive first':
      return places.sort((a, b) => Number(product(a) < 0) - Number(product(b) < 0));
    case 'negative first':
      return places.sort((a, b) => Number(product(a) > 0) - Number(product(b) > 0));
    case 'small first':
      return places.sort((a, b) => Math.abs(product(a)) - Math.abs(product(b)));
    case 'large first':
      return places.sort((a, b) => Math.abs(product(b)) - Math.abs(product(a)));
  }
}

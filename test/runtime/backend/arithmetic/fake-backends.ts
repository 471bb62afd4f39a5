/** Backends with one property each: those that a certificate covers, and those that it does not. */
import type { Compute } from '../../../../runtime/backend/arithmetic/probe-op.ts';
import { fakeBackend, float32 } from '../../../support/fake-arithmetic.ts';
import { bfloat16, cutOff, float16, tf32, toBits, zeroBelow } from '../../../support/number-formats.ts';
import { fourier, strassen, tilesOf2, tilesOf4, winograd } from '../../../support/transformed-products.ts';

const { fround } = Math;
const { binary, unary } = float32;
const largest = (2 - 2 ** -23) * 2 ** 127;
const isNan = Number.isNaN;
const smallest = 2 ** -126;
const flush = zeroBelow(smallest);
const flushed = (x: number): number => flush(fround(x));

/** By name, with a finding that tells it from others. */
export const covered: readonly (readonly [string, Compute, Readonly<Record<string, string>>])[] = [
  ['float32', fakeBackend({}), { 'products in matMul': 'rounded, then added', 'results below 2⁻¹²⁶': 'kept' }],
  [
    'products fused with the sum',
    fakeBackend({ multiplyAdd: (sum, x, y) => fround(sum + x * y) }),
    { 'products in matMul': 'fused with the sum', 'products in conv2d': 'fused with the sum' },
  ],
  [
    'sums in float64',
    fakeBackend({}, (op, [x, y]) => {
      if (
        op.kind !== 'matMul' ||
        y === undefined ||
        x === undefined ||
        x.shape.length > 2 ||
        op.transposeA ||
        op.transposeB
      )
        return null;
      const [m = 1, k = 1] = x.shape;
      const n = y.shape[1] ?? 1;
      return new Float32Array(m * n).map((_, entry) => {
        let sum = 0;
        for (let i = 0; i < k; i++) sum += x.data[Math.floor(entry / n) * k + i]! * y.data[i * n + (entry % n)]!;
        return sum;
      });
    }),
    { 'products in matMul': 'added in more than 24 bits' },
  ],
  [
    'results below 2⁻¹²⁶ are zero',
    fakeBackend({ write: flushed }),
    { 'results below 2⁻¹²⁶': 'zero', 'operands below 2⁻¹²⁶': 'zero in sum' },
  ],
  [
    'operands below 2⁻¹²⁶ are zero',
    fakeBackend({ read: flush }),
    { 'operands below 2⁻¹²⁶': 'zero', 'numbers below 2⁻¹²⁶, chosen or compared': 'zero' },
  ],
  [
    'both are zero, on the way up as well',
    fakeBackend({ stored: flush, read: flush, write: flushed }),
    { 'results below 2⁻¹²⁶': 'zero', 'numbers below 2⁻¹²⁶, only moved': 'zero' },
  ],
  [
    'quotients off by two places',
    fakeBackend({ binary: { ...binary, div: (x, y) => (x / y) * (1 + 3 * 2 ** -24) } }),
    { 'largest error of a square root': '0.95 u' },
  ],
  [
    'relu and maximum lose NaN',
    fakeBackend({
      unary: { ...unary, relu: x => (x > 0 ? x : 0) },
      binary: { ...binary, maximum: (x, y) => (x > y ? x : y), minimum: (x, y) => (x < y ? x : y) },
      maxStep: (x, y) => (y > x ? y : x),
    }),
    { 'relu(NaN)': '0', 'maximum(NaN, 2)': '2', 'minimum(2, NaN)': 'NaN', 'max of a row with NaN': '2' },
  ],
  [
    'sign with a threshold',
    fakeBackend({ unary: { ...unary, sign: x => (x > 1e-7 ? 1 : x < -1e-7 ? -1 : 0) } }),
    { 'sign(x) is ±1 down to |x| =': '2^−23', 'sign(NaN)': '0' },
  ],
];

const factors = 'factors in full precision';
const sums = 'sums of products';
const cancelling = 'products that cancel';
const accumulators = 'sums in full precision';
const transformed = 'no transformed products';
const pairs = 'sums and products of two';
const quotients = 'quotients and square roots';
const special = 'infinity and NaN';
const poison = 'what is not finite shows';
const choices = 'choices and signs';
const kept = 'numbers kept';
const small = 'numbers below 2⁻¹²⁶';

/** Instead of zero. */
const tinySub = (x: number, y: number): number => (x !== y && Math.abs(x - y) < smallest ? 2 ** -124 : x - y);
const parts = (x: number): number => {
  const high = bfloat16(x);
  return high + bfloat16(x - high);
};
const saturated = (x: number): number => Math.max(-largest, Math.min(largest, fround(x)));

/** By name, with probes that have to fail; others may. */
export const refused: readonly (readonly [string, Compute, readonly string[]])[] = [
  ['factors in TF32', fakeBackend({ factor: tf32 }), [factors, sums, cancelling]],
  ['factors cut off to TF32', fakeBackend({ factor: x => cutTo(x, 11) }), [factors, sums]],
  ['factors in bfloat16', fakeBackend({ factor: bfloat16 }), [factors, sums]],
  ['factors in float16', fakeBackend({ factor: float16 }), [factors, sums]],
  ['factors in two parts of bfloat16', fakeBackend({ factor: parts }), [factors]],
  ['TF32 in convolutions only', onlyIn('conv2d', { factor: tf32 }), [factors]],
  ['TF32 in matrix products only', onlyIn('matMul', { factor: tf32 }), [factors]],
  ['sums in float16', fakeBackend({ multiplyAdd: (sum, x, y) => float16(sum + float16(x * y)) }), [accumulators, sums]],
  ['sums of 20 bits', fakeBackend({ multiplyAdd: (sum, x, y) => toBits(sum + x * y, 20) }), [accumulators]],
  ['sums of 22 bits', fakeBackend({ multiplyAdd: (sum, x, y) => toBits(sum + x * y, 22) }), [accumulators]],
  ['sums cut off', fakeBackend({ multiplyAdd: (sum, x, y) => cutOff(sum + cutOff(x * y)) }), [accumulators]],
  ['tf.sum in float16', fakeBackend({ sumStep: (sum, x) => float16(sum + x) }), [accumulators, sums]],
  ['convolutions by Winograd, two by two', fakeBackend({}, winograd(tilesOf2)), [transformed]],
  ['convolutions by Winograd, four by four', fakeBackend({}, winograd(tilesOf4)), [transformed]],
  ['convolutions by Fourier', fakeBackend({}, fourier), [transformed]],
  ['matrix products by Strassen', fakeBackend({}, strassen), [transformed]],
  ['every eighth product lost', everyEighthLost(), [sums]],
  ['sums cut off after add', fakeBackend({ binary: { ...binary, add: (x, y) => cutOff(x + y) } }), [pairs]],
  ['products off by one place', fakeBackend({ binary: { ...binary, mul: (x, y) => x * y * (1 + 2 ** -23) } }), [pairs]],
  [
    'quotients off by 100 places',
    fakeBackend({ binary: { ...binary, div: (x, y) => (x / y) * (1 + 100 * 2 ** -23) } }),
    [quotients],
  ],
  [
    'quotients by reciprocals that vanish',
    fakeBackend({ binary: { ...binary, div: (x, y) => x * flushed(1 / y) } }),
    [quotients],
  ],
  [
    'roots off by 10 places',
    fakeBackend({ unary: { ...unary, sqrt: x => Math.sqrt(x) * (1 - 10 * 2 ** -23) } }),
    [quotients],
  ],
  ['zero below 2⁻¹⁰⁰', fakeBackend({ write: x => zeroBelow(2 ** -100)(fround(x)) }), [pairs]],
  ['tiny differences are the smallest number', fakeBackend({ binary: { ...binary, sub: tinySub } }), [small]],
  ['factors are zero below 2⁻⁶⁰', fakeBackend({ factor: zeroBelow(2 ** -60) }), [sums]],
  ['uploads in half precision', fakeBackend({ stored: float16 }), [kept]],
  [
    'uploads that end at 2¹²⁷',
    fakeBackend({ stored: x => (Math.abs(x) > 2 ** 127 ? Math.sign(x) * 2 ** 127 : x) }),
    [kept],
  ],
  [
    'maximum by arithmetic',
    fakeBackend({ binary: { ...binary, maximum: (x, y) => fround(fround(x + y) + Math.abs(fround(x - y))) / 2 } }),
    [choices],
  ],
  [
    'comparisons with a tolerance',
    fakeBackend({ binary: { ...binary, greater: (x, y) => (x - y > 1e-7 ? 1 : 0) } }),
    [choices],
  ],
  ['step with a tolerance', fakeBackend({ unary: { ...unary, step: x => (x > 1e-7 ? 1 : 0) } }), [choices]],
  ['saturation', fakeBackend({ write: saturated }), [pairs, special]],
  ['sums that saturate', fakeBackend({ multiplyAdd: (sum, x, y) => saturated(sum + x * y) }), [special]],
  ['sums without NaN', fakeBackend({ sumStep: (sum, x) => fround(sum + (isNan(x) ? 0 : x)) }), [special, poison]],
  [
    'zero times anything is zero',
    fakeBackend({ binary: { ...binary, mul: (x, y) => (x === 0 || y === 0 ? 0 : x * y) } }),
    [special, poison],
  ],
  [
    'zero factors skipped',
    fakeBackend({ multiplyAdd: (sum, x, y) => (x === 0 || y === 0 ? sum : fround(sum + fround(x * y))) }),
    [special],
  ],
  ['NaN lost at the end of a vector', tailWithoutNan(), [poison]],
  ['abs of NaN is 0', fakeBackend({ unary: { ...unary, abs: x => (isNan(x) ? 0 : Math.abs(x)) } }), [special]],
];

function cutTo(x: number, bits: number): number {
  const rounded = toBits(x, bits);
  return Math.abs(rounded) > Math.abs(x)
    ? rounded - Math.sign(x) * 2 ** (Math.floor(Math.log2(Math.abs(x))) - bits + 1)
    : rounded;
}

function onlyIn(kind: string, arithmetic: Parameters<typeof fakeBackend>[0]): Compute {
  const [other, plain] = [fakeBackend(arithmetic), fakeBackend({})];
  return (op, ...operands) => (op.kind === kind ? other : plain)(op, ...operands);
}

function everyEighthLost(): Compute {
  let count = 0;
  return fakeBackend({
    multiplyAdd: (sum, x, y) => (++count % 8 === 0 ? sum : fround(sum + fround(x * y))),
  });
}

/** The last entries of a row, those that do not fill a vector of four. */
function tailWithoutNan(): Compute {
  const plain = fakeBackend({});
  return (op, ...operands) => {
    const [x] = operands;
    if (op.kind !== 'poison' || x === undefined) return plain(op, ...operands);
    const length = op.all ? x.data.length : x.shape.at(-1)!;
    const data = x.data.map((value, i) => (i % length >= length - (length % 4) && !Number.isFinite(value) ? 0 : value));
    return plain(op, { shape: x.shape, data });
  };
}

/** Values of stored elements as numbers. */
import { type Dtype, dtypeRules, type TensorData } from './named-tensor.ts';

/** Elements of a floating type as float32: `F16` and `BF16` exactly, `F64` rounded to nearest. Null for other types. */
export function floatsOf(dtype: Dtype, data: TensorData): Float32Array | null {
  if (dtypeRules[dtype].kind !== 'float' || data instanceof BigInt64Array || data instanceof BigUint64Array)
    return null;
  if (dtype === 'BF16') return bfloat16s(data);
  if (dtype === 'F16') return Float32Array.from(data, half);
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** Elements of an integer type (or truth values) as numbers; 64-bit ones beyond 2⁵³ lose digits. Null for floats. */
export function integersOf(dtype: Dtype, data: TensorData): Float64Array | null {
  if (dtypeRules[dtype].kind === 'float') return null;
  return data instanceof BigInt64Array || data instanceof BigUint64Array
    ? Float64Array.from(data, Number)
    : Float64Array.from(data);
}

/** The upper half of a float32's bits. */
function bfloat16s(words: ArrayLike<number>): Float32Array {
  return new Float32Array(Uint32Array.from(words, word => word << 16).buffer);
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function half(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >> 10) & 0x1f;
  const fraction = word & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

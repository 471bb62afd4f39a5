/** Tensors as plain data: what files hold, independent of any backend. */

export type TensorData =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** A row-major tensor. `data` holds the stored bits: `F16` and `BF16` as 16-bit words (see `floatsOf`), `BOOL` as bytes. */
export interface NamedTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

interface DtypeRule {
  readonly bytes: number;
  readonly kind: 'float' | 'integer' | 'boolean';
  /** A view of bytes whose start is aligned to `bytes`. Words are little-endian in files and on every machine dualc runs on. */
  readonly view: (buffer: ArrayBuffer) => TensorData;
}

/** Element types by their safetensors name. */
export type Dtype =
  | 'BOOL'
  | 'U8'
  | 'I8'
  | 'I16'
  | 'U16'
  | 'F16'
  | 'BF16'
  | 'I32'
  | 'U32'
  | 'F32'
  | 'F64'
  | 'I64'
  | 'U64';

/** In the order in which the reference library sorts them. */
export const dtypeRules: Readonly<Record<Dtype, DtypeRule>> = {
  BOOL: { bytes: 1, kind: 'boolean', view: buffer => new Uint8Array(buffer) },
  U8: { bytes: 1, kind: 'integer', view: buffer => new Uint8Array(buffer) },
  I8: { bytes: 1, kind: 'integer', view: buffer => new Int8Array(buffer) },
  I16: { bytes: 2, kind: 'integer', view: buffer => new Int16Array(buffer) },
  U16: { bytes: 2, kind: 'integer', view: buffer => new Uint16Array(buffer) },
  F16: { bytes: 2, kind: 'float', view: buffer => new Uint16Array(buffer) },
  BF16: { bytes: 2, kind: 'float', view: buffer => new Uint16Array(buffer) },
  I32: { bytes: 4, kind: 'integer', view: buffer => new Int32Array(buffer) },
  U32: { bytes: 4, kind: 'integer', view: buffer => new Uint32Array(buffer) },
  F32: { bytes: 4, kind: 'float', view: buffer => new Float32Array(buffer) },
  F64: { bytes: 8, kind: 'float', view: buffer => new Float64Array(buffer) },
  I64: { bytes: 8, kind: 'integer', view: buffer => new BigInt64Array(buffer) },
  U64: { bytes: 8, kind: 'integer', view: buffer => new BigUint64Array(buffer) },
};

export const isDtype = (name: string): name is Dtype => Object.hasOwn(dtypeRules, name);

/** Number of elements; not finite or not safe when the dimensions are absurd. */
export const elementCount = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

export const printDims = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** The place of element `at` of a row-major tensor: `[0, 3, 1]`. */
export function printIndex(at: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = at;
  for (const dim of shape.toReversed()) {
    index.unshift(rest % dim);
    rest = Math.floor(rest / dim);
  }
  return printDims(index);
}

/** Copies bytes into elements of a type. The number of bytes is a multiple of the element's. */
export function elementsFrom(dtype: Dtype, bytes: Uint8Array): TensorData {
  const aligned = new ArrayBuffer(bytes.length);
  new Uint8Array(aligned).set(bytes);
  return dtypeRules[dtype].view(aligned);
}

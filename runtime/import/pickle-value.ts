/** What the restricted pickle reader makes of a file: plain data and descriptions of tensors. Nothing here can act. */
import type { Dtype } from '../weights/named-tensor.ts';

/** Lists and tuples are both arrays; dictionaries are maps, so no key is special. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | KnownGlobal
  | Storage
  | StoredTensor
  | NumpyDtype;

/** A class or function from the table of known ones, `torch._utils._rebuild_tensor_v2`; only a name. */
export interface KnownGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** Elements that one or several tensors share, kept apart from the pickle. */
export interface Storage {
  readonly kind: 'storage';
  readonly dtype: Dtype;
  readonly key: string;
  /** Number of elements. */
  readonly count: number;
}

/** A strided view of a storage, checked to lie inside it. `offset` and `strides` count elements. */
export interface StoredTensor {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** `f8`, `i4`, …: the type of a NumPy scalar that follows. */
export interface NumpyDtype {
  readonly kind: 'numpyDtype';
  readonly code: string;
}

export const isMap = (value: PickleValue | undefined): value is Map<PickleValue, PickleValue> => value instanceof Map;

/** Narrows to one of the described kinds. */
export function hasKind<K extends 'global' | 'storage' | 'tensor' | 'numpyDtype'>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleValue, { readonly kind: K }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

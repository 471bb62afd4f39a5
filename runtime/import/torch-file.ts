/** A file of `torch.save` in either of its formats, opened: the pickled value, and access to the storages it refers to. */
import { floatsOf } from '../weights/float-values.ts';
import { gatherStrided } from '../weights/layout.ts';
import { dtypeRules, elementsFrom } from '../weights/named-tensor.ts';
import type { PickleValue, Storage, StoredTensor } from './pickle-value.ts';

export interface TorchFile {
  readonly format: string;
  readonly value: PickleValue;
  /** The bytes of a storage, checked to be as many as it needs. Raises `InputError` when they are missing or corrupt. */
  bytesOf(storage: Storage): Promise<Uint8Array>;
}

export const storageBytes = ({ dtype, count }: Storage): number => count * dtypeRules[dtype].bytes;

/** Row-major float32 values of a tensor, whatever its strides; null when its type is no float. */
export async function floatsOfTensor(file: TorchFile, tensor: StoredTensor): Promise<Float32Array | null> {
  const { storage, shape, strides, offset } = tensor;
  if (dtypeRules[storage.dtype].kind !== 'float') return null;
  const all = floatsOf(storage.dtype, elementsFrom(storage.dtype, await file.bytesOf(storage)));
  return all === null ? null : gatherStrided(all, shape, strides, offset);
}

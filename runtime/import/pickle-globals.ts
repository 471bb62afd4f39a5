/**
 * The classes and functions that a checkpoint may name, and what stands in for each: a pure function from plain data to
 * plain data, written here. Every other name is refused.
 */

import type { Dtype } from '../weights/named-tensor.ts';
import { bytesOfLatin1 } from './latin1.ts';
import { hasKind, type PickleValue, type Storage } from './pickle-value.ts';

/** torch's own limit. */
const maxRank = 64;

/** Makes the error for arguments that do not fit. */
export type Refuse = (what: string) => never;

type Rebuild = (args: readonly PickleValue[], refuse: Refuse) => PickleValue;

/** Element types by the name of torch's storage class. */
const storageDtypes: Readonly<Record<string, Dtype>> = {
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

const rebuildRules: Readonly<Record<string, Rebuild>> = {
  'collections.OrderedDict': rebuildDictionary,
  'torch.Size': (args, refuse) =>
    Array.isArray(args[0]) ? args[0] : refuse('torch.Size of something that is no tuple'),
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': (args, refuse) =>
    hasKind(args[0], 'tensor') ? args[0] : refuse('a parameter of something that is no tensor'),
  // Protocol 2 has no opcode for bytes: they are written as text, one character each.
  '_codecs.encode': ([text, encoding], refuse) =>
    typeof text === 'string' && encoding === 'latin1' ? bytesOfLatin1(text) : refuse('bytes in an unknown encoding'),
  'numpy.dtype': ([code], refuse) =>
    typeof code === 'string' ? { kind: 'numpyDtype', code } : refuse('a NumPy type without a name'),
  'numpy.core.multiarray.scalar': numpyScalar,
  'numpy._core.multiarray.scalar': numpyScalar,
};

export const isKnownGlobal = (name: string): boolean =>
  Object.hasOwn(rebuildRules, name) || Object.hasOwn(storageDtypes, name);

/** What calling the function or class `name` with `args` stands for. */
export function rebuild(name: string, args: readonly PickleValue[], refuse: Refuse): PickleValue {
  const rule = Object.hasOwn(rebuildRules, name) ? rebuildRules[name] : undefined;
  return rule === undefined ? refuse(`${name} is not a function`) : rule(args, refuse);
}

/** The storage that a persistent id `('storage', class, key, location, count, …)` names. */
export function storageOf(id: PickleValue | undefined, refuse: Refuse): Storage {
  if (!Array.isArray(id) || id[0] !== 'storage') return refuse('a reference to something that is no storage');
  const [, type, key, , count, view] = id;
  if (!hasKind(type, 'global') || typeof key !== 'string' || !isSize(count))
    return refuse('a malformed reference to a storage');
  const dtype = storageDtypes[type.name];
  if (dtype === undefined) return refuse(`${type.name} is not a storage`);
  if (view !== undefined && view !== null) {
    return refuse('a storage that is a part of another one, which only old versions of torch wrote; save it anew');
  }
  return { kind: 'storage', dtype, key, count };
}

/** `(storage, offset, size, stride, …)`; what follows concerns gradients. */
function rebuildTensor(args: readonly PickleValue[], refuse: Refuse): PickleValue {
  const [storage, offset, shape, strides] = args;
  if (!hasKind(storage, 'storage') || !isSize(offset) || !isSizes(shape) || !isSizes(strides)) {
    return refuse('a tensor with malformed storage, offset, size or stride');
  }
  if (shape.length > maxRank) return refuse(`a tensor of ${shape.length} dimensions`);
  if (shape.length !== strides.length) return refuse('a tensor whose size and stride differ in length');
  const last = shape.reduce((at, dim, axis) => at + (dim - 1) * strides[axis]!, offset);
  if (!shape.includes(0) && last >= storage.count) {
    return refuse(`a tensor that reaches element ${last} of a storage of ${storage.count}`);
  }
  return { kind: 'tensor', storage, offset, shape, strides };
}

/** Empty, or from a list of pairs as Python 2 wrote it. */
function rebuildDictionary(args: readonly PickleValue[], refuse: Refuse): PickleValue {
  const [pairs = []] = args;
  if (!Array.isArray(pairs)) return refuse('a dictionary of something that is no list of pairs');
  return new Map(
    pairs.map((pair): [PickleValue, PickleValue] => {
      if (!Array.isArray(pair) || pair.length !== 2)
        return refuse('a dictionary of something that is no list of pairs');
      return [pair[0]!, pair[1]!];
    }),
  );
}

const scalarReaders: Readonly<Record<string, (view: DataView) => number | bigint>> = {
  f8: view => view.getFloat64(0, true),
  f4: view => view.getFloat32(0, true),
  i8: view => view.getBigInt64(0, true),
  u8: view => view.getBigUint64(0, true),
  i4: view => view.getInt32(0, true),
  u4: view => view.getUint32(0, true),
  b1: view => view.getUint8(0),
};

function numpyScalar([type, bytes]: readonly PickleValue[], refuse: Refuse): PickleValue {
  if (!hasKind(type, 'numpyDtype') || !(bytes instanceof Uint8Array)) return refuse('a malformed NumPy number');
  const read = Object.hasOwn(scalarReaders, type.code) ? scalarReaders[type.code] : undefined;
  if (read === undefined || bytes.length !== Number(type.code.slice(1))) {
    return refuse(`a NumPy number of type ${JSON.stringify(type.code)} in ${bytes.length} bytes`);
  }
  return read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
}

const isSize = (value: PickleValue | undefined): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

const isSizes = (value: PickleValue | undefined): value is number[] => Array.isArray(value) && value.every(isSize);

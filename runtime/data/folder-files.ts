/** Finds the files of a dataset in a folder by the names under which such files are usually published. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../errors.ts';
import type { Split } from './dataset.ts';

export type SplitFiles =
  | { readonly format: 'idx'; readonly images: string; readonly labels: string }
  | { readonly format: 'cifar'; readonly batches: readonly string[] };

const idxName = /^(train|t10k|test)[-_](images|labels)[-_.]idx[134][-_]ubyte(\.gz)?$/;
const cifarName = /^(data_batch_[1-9]|test_batch)\.bin(\.gz)?$/;

/** Where archives put the files when they are unpacked, and where torchvision does. */
const inside = ['.', 'raw', 'cifar-10-batches-bin'];

export const fileNamesWanted: string =
  'train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (IDX), ' +
  'or data_batch_1.bin … data_batch_5.bin, test_batch.bin (CIFAR-10), each with or without .gz';

/**
 * Files of one split in a folder (or its usual subfolders); null when there are none. Raises `InputError` when a folder
 * holds images without labels or the other way round, or both formats.
 */
export async function findSplit(folder: string, split: Split): Promise<SplitFiles | null> {
  for (const sub of inside) {
    const place = path.join(folder, sub);
    const names = await namesIn(place);
    const idx = idxFiles(place, names, split);
    const cifar = cifarFiles(place, names, split);
    if (idx !== null && cifar !== null) {
      throw new InputError(`${place} holds both IDX and CIFAR-10 files: put them in folders of their own`);
    }
    if (idx !== null || cifar !== null) return idx ?? cifar;
  }
  return null;
}

function idxFiles(folder: string, names: readonly string[], split: Split): SplitFiles | null {
  const pick = (content: 'images' | 'labels'): string | undefined =>
    names.find(name => {
      const match = idxName.exec(name);
      return match?.[2] === content && (match[1] === 'train') === (split === 'train');
    });
  const [images, labels] = [pick('images'), pick('labels')];
  if (images === undefined && labels === undefined) return null;
  if (images === undefined || labels === undefined) {
    const [has, lacks] = images === undefined ? ['labels', 'images'] : ['images', 'labels'];
    throw new InputError(`${folder} holds the ${has} of the ${split} part (${images ?? labels}) but not its ${lacks}`);
  }
  return { format: 'idx', images: path.join(folder, images), labels: path.join(folder, labels) };
}

function cifarFiles(folder: string, names: readonly string[], split: Split): SplitFiles | null {
  const start = split === 'train' ? 'data_batch_' : 'test_batch';
  const found = names.filter(name => name.startsWith(start) && cifarName.test(name));
  // Sorted, `x.bin` stands right before `x.bin.gz`: of the two, the one that need not be decompressed.
  const batches = found.filter(name => !(name.endsWith('.gz') && found.includes(name.slice(0, -3))));
  return batches.length === 0 ? null : { format: 'cifar', batches: batches.map(name => path.join(folder, name)) };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

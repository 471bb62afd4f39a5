/** Reads the files of one split. */
import { InputError } from '../errors.ts';
import { cifarClasses, cifarShape, parseCifar } from './cifar.ts';
import type { Dataset, Split } from './dataset.ts';
import type { SplitFiles } from './folder-files.ts';
import { parseIdx } from './idx.ts';
import { readInflated } from './inflate.ts';
import { checkLabels } from './labels.ts';
import { lineageOf } from './lineage.ts';

export interface SplitInfo {
  readonly name: string;
  /** Whether `name` is the name of a published dataset, not of a folder. */
  readonly known: boolean;
  readonly split: Split;
  /** Labels beyond are refused; without it an IDX set has as many classes as its labels show. */
  readonly classes: number | undefined;
}

/** Raises `InputError` with file and byte when a file is cut short, corrupt or has labels out of range, or the counts differ. */
export async function readSplit(files: SplitFiles, info: SplitInfo): Promise<Dataset> {
  return files.format === 'idx' ? readIdxSplit(files.images, files.labels, info) : readCifarSplit(files.batches, info);
}

async function readIdxSplit(imageFile: string, labelFile: string, info: SplitInfo): Promise<Dataset> {
  const { name, split } = info;
  const images = parseIdx(await readInflated(imageFile), imageFile, [3, 4]);
  const labels = parseIdx(await readInflated(labelFile), labelFile, [1]);
  const [count, ...dims] = images.shape as [number, ...number[]];
  if (count !== labels.shape[0]) {
    throw new InputError(
      `${imageFile} holds ${count} images (byte 4), and ${labelFile} holds ${labels.shape[0]} labels (byte 4)`,
    );
  }
  if (images.data.length === 0)
    throw new InputError(`${imageFile} holds no pixels: its shape is [${images.shape.join(', ')}]`);
  const classes = info.classes ?? labels.data.reduce((most, label) => Math.max(most, label + 1), 1);
  checkLabels(labels.data, classes, { file: labelFile, firstByte: labels.dataStart, stride: 1 });
  return {
    name,
    split,
    count,
    shape: dims.length === 2 ? [...dims, 1] : dims,
    classes,
    images: images.data,
    labels: Int32Array.from(labels.data),
    lineage: lineageOf(images.data.subarray(0, images.data.length / count), info.known ? name : null, split),
    files: [imageFile, labelFile],
  };
}

async function readCifarSplit(files: readonly string[], { name, known, split }: SplitInfo): Promise<Dataset> {
  const batches = [];
  for (const file of files) batches.push(parseCifar(await readInflated(file), file));
  const count = batches.reduce((sum, batch) => sum + batch.labels.length, 0);
  const images = new Uint8Array(count * 32 * 32 * 3);
  const labels = new Int32Array(count);
  let at = 0;
  for (const batch of batches) {
    images.set(batch.images, at * 32 * 32 * 3);
    labels.set(batch.labels, at);
    at += batch.labels.length;
  }
  const lineage = lineageOf(images.subarray(0, 32 * 32 * 3), known ? name : null, split);
  return { name, split, count, shape: cifarShape, classes: cifarClasses, images, labels, lineage, files };
}

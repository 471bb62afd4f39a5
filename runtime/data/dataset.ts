/** Labelled examples in memory, as plain data. */
import { showValue } from '../border/show-value.ts';
import { InputError } from '../errors.ts';

export type Split = 'train' | 'test';

export interface Dataset {
  readonly name: string;
  /** `inputs` for examples that the user brought along in one file. */
  readonly split: Split | 'inputs';
  readonly count: number;
  /** Of one example, channels last: `[height, width, channels]` or `[features]`. */
  readonly shape: readonly number[];
  readonly classes: number;
  /** `count` examples, row-major. A byte `b` stands for `b / 255`; floats stand for themselves. */
  readonly images: Uint8Array | Float32Array;
  /** Class of each example, from 0 to `classes − 1`. */
  readonly labels: Int32Array;
  /** Which real examples these are, whatever folder or package brought them; see `checkTrainTestOverlap`. */
  readonly lineage: string;
  /** Files or package that were read; empty for generated data. */
  readonly files: readonly string[];
}

/** Examples `begin` to `end` (exclusive), ready for a tensor `[end − begin, …shape]`. Raises `InputError` when it has no such examples. */
export function examplesOf(
  dataset: Dataset,
  begin = 0,
  end: number = dataset?.count,
): { values: Float32Array; labels: Int32Array } {
  if (!Array.isArray(dataset?.shape) || !(dataset.labels instanceof Int32Array)) {
    throw new InputError(`examplesOf: dataset is ${showValue(dataset)}: it needs what loadDataset or loadInputs gave`);
  }
  const isRange = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && 0 <= begin && begin <= end;
  if (!isRange || end > dataset.count) {
    throw new InputError(
      `examplesOf: ${showValue(begin)} to ${showValue(end)} is no range of examples: ${dataset.name} has ${dataset.count}, from 0`,
    );
  }
  const size = exampleSize(dataset.shape);
  const part = dataset.images.subarray(begin * size, end * size);
  const values = part instanceof Uint8Array ? Float32Array.from(part, byte => byte / 255) : part.slice();
  return { values, labels: dataset.labels.slice(begin, end) };
}

/** The first `limit` examples; all when there are fewer or no limit is given. Raises `InputError` when the limit is no positive whole number. */
export function firstExamples(dataset: Dataset, limit: number | undefined): Dataset {
  if (limit === undefined) return dataset;
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new InputError(`a limit is a positive whole number, not ${limit}`);
  if (limit >= dataset.count) return dataset;
  const images = dataset.images.slice(0, limit * exampleSize(dataset.shape));
  return { ...dataset, count: limit, images, labels: dataset.labels.slice(0, limit) };
}

/** Raises `InputError` when a network with this input and this many classes cannot read the dataset. */
export function checkDatasetFits(dataset: Dataset, inputShape: readonly number[], classes: number): void {
  const where = `dataset ${dataset.name} (${dataset.split})`;
  if (dataset.shape.join() !== inputShape.join()) {
    throw new InputError(
      `${where} has examples of shape [${dataset.shape.join(', ')}], and the network reads [${inputShape.join(', ')}]`,
    );
  }
  const at = dataset.labels.findIndex(label => label >= classes);
  if (at >= 0) {
    throw new InputError(
      `${where}: example ${at} has label ${dataset.labels[at]}, and the network has classes 0 to ${classes - 1}`,
    );
  }
}

export const exampleSize = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1);

/** CIFAR-10's binary format: records of one label byte and three 32 × 32 planes, red, green, blue (cs.toronto.edu/~kriz/cifar.html). */
import { InputError } from '../errors.ts';
import { checkLabels } from './labels.ts';

export const cifarShape: readonly [number, number, number] = [32, 32, 3];
export const cifarClasses = 10;

const pixels = 32 * 32;
const recordBytes = 1 + 3 * pixels;

export interface CifarBatch {
  /** `[count, 32, 32, 3]`, channels last. */
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

/** Reads a batch file. Raises `InputError` when the last record is cut short or a label is not 0 to 9. */
export function parseCifar(bytes: Uint8Array, file: string): CifarBatch {
  const count = Math.floor(bytes.length / recordBytes);
  const over = bytes.length % recordBytes;
  if (over !== 0 || count === 0) {
    const cut = `its last record is cut short after ${over} of ${recordBytes} bytes (record ${count}, byte ${bytes.length})`;
    throw new InputError(`${file} is not a whole CIFAR-10 batch: ${bytes.length === 0 ? 'it is empty (byte 0)' : cut}`);
  }
  const labels = Int32Array.from({ length: count }, (_, record) => bytes[record * recordBytes]!);
  checkLabels(labels, cifarClasses, { file, firstByte: 0, stride: recordBytes });
  const images = new Uint8Array(count * 3 * pixels);
  let to = 0;
  for (let record = 0; record < count; record++) {
    const red = record * recordBytes + 1;
    for (let pixel = red; pixel < red + pixels; pixel++) {
      images[to++] = bytes[pixel]!;
      images[to++] = bytes[pixel + pixels]!;
      images[to++] = bytes[pixel + 2 * pixels]!;
    }
  }
  return { images, labels };
}

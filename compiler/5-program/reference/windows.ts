/** Parts of maps, in float64. */
import type { Pair, WindowView } from '../../3-dual/dual.ts';
import type { Float64Tensor } from './float64-tensor.ts';

/** `count` windows from position `first` of the grid on; `shape` is `[n·count, height, width, channels]`. */
export function windows(
  op: WindowView & { readonly grid: Pair; readonly count: number },
  x: Float64Tensor,
  shape: readonly number[],
  first: number,
): Float64Array {
  const [n = 0, height = 0, width = 0, channels = 0] = x.shape;
  const result = new Float64Array(shape.reduce((product, size) => product * size, 1));
  let target = 0;
  for (let image = 0; image < n; image++) {
    for (let position = first; position < first + op.count; position++) {
      const [row, column] = [Math.floor(position / op.grid[1]), position % op.grid[1]];
      for (let i = 0; i < op.size[0]; i++) {
        for (let j = 0; j < op.size[1]; j++) {
          const y = row * op.strides[0] + op.offset[0] + i;
          const z = column * op.strides[1] + op.offset[1] + j;
          const inside = y >= 0 && y < height && z >= 0 && z < width;
          const source = ((image * height + y) * width + z) * channels;
          for (let c = 0; c < channels; c++) result[target++] = inside ? x.data[source + c]! : 0;
        }
      }
    }
  }
  return result;
}

/** Geometric means of samples that are not negative, by logarithms. `runtime/ops/geometric-means.ts` is the fast form. */
import { type Float64Tensor, zeros } from './float64-tensor.ts';

/** `[n, groups·k, features] → [n, features]`: the largest mean of a group of `k` samples that follow each other. */
export function geometricMeans(
  groups: number,
  { shape, data }: Float64Tensor,
  result: readonly number[],
): Float64Array {
  const [n, rows, features] = [shape[0]!, shape[1]!, shape[2]!];
  const k = rows / groups;
  const largest = zeros(result);
  for (let example = 0; example < n; example++)
    for (let feature = 0; feature < features; feature++) {
      const means = Array.from({ length: groups }, (_, group) => {
        let sum = 0;
        for (let draw = group * k; draw < (group + 1) * k; draw++)
          sum += Math.log(data[(example * rows + draw) * features + feature]!);
        return Math.exp(sum / k);
      });
      largest[example * features + feature] = Math.max(...means);
    }
  return largest;
}

/** Two interleaved half circles in the unit square: the smallest dataset that no straight line separates. */
import { normal, permutation } from '../random/draws.ts';
import { foldIn, keyFrom } from '../random/random-key.ts';
import type { Dataset, Split } from './dataset.ts';

const counts: Readonly<Record<Split, number>> = { train: 2_000, test: 1_000 };
const seed = 2;
/** Standard deviation of the noise, in units of the circles' radius. */
const noise = 0.08;
/** The circles have radius 1 and lie in [−1, 2] × [−0.5, 1]; a quarter of that, moved to the middle, fits the unit square. */
const scale = 0.25;

/** Points `[x, y]` in [0, 1]², class 0 on the upper half circle, class 1 on the lower, half of each; the same on each call. */
export function twoMoons(split: Split): Dataset {
  const count = counts[split];
  const key = foldIn(keyFrom(seed), split);
  const jitter = normal(foldIn(key, 'noise'), 2 * count);
  const order = permutation(foldIn(key, 'order'), count);
  const images = new Float32Array(2 * count);
  const labels = new Int32Array(count);
  order.forEach((index, at) => {
    const label = index % 2;
    const angle = (Math.PI * (index + 0.5)) / count;
    const [x, y] = label === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    images[2 * at] = 0.5 + scale * (x - 0.5 + noise * jitter[2 * at]!);
    images[2 * at + 1] = 0.5 + scale * (y - 0.25 + noise * jitter[2 * at + 1]!);
    labels[at] = label;
  });
  return {
    name: 'two-moons',
    split,
    count,
    shape: [2],
    classes: 2,
    images,
    labels,
    lineage: `two-moons/${split}`,
    files: [],
  };
}

/** Structures of networks, by family: a graph without numbers, small enough for exact arithmetic. */
import type { Ball, Layer, LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import { sizeOf } from '../../../../compiler/shared/shape.ts';
import { chance, type Next, pick, whole } from './drawing.ts';
import { type GraphMaker, graphMaker, noPadding } from './graph-maker.ts';

export function drawBall(next: Next): Ball {
  if (chance(next, 0.35)) return { norm: 'l2', epsilon: 0.1 };
  return { norm: 'linf', epsilon: 0.1, box: pick(next, [null, null, [0, 1], [-1, 1], [-0.1, 0.7]]) };
}

const classes = (next: Next): number => whole(next, 2, 4);

function chain(g: GraphMaker, widths: readonly number[], next: Next): Layer {
  return widths.reduce((x, width) => g.relu(g.dense(x, width, chance(next, 0.8))), g.input);
}

/** A layer of the shape of `x` behind it. */
const alike = (g: GraphMaker, x: Layer): Layer =>
  x.shape.length === 3
    ? g.conv2d(x, { filters: x.shape[2]!, kernel: [3, 3], padding: { top: 1, bottom: 1, left: 1, right: 1 } })
    : g.dense(x, sizeOf(x.shape));

export const structures: Readonly<Record<string, (next: Next) => LayerGraph>> = {
  linear(next) {
    const g = graphMaker([whole(next, 1, 12)]);
    const middle = chance(next, 0.5) ? g.dense(g.input, whole(next, 1, 10)) : g.input;
    return g.network(g.dense(middle, classes(next)), drawBall(next));
  },
  tiny(next) {
    const g = graphMaker([whole(next, 1, 2)]);
    const hidden = chain(
      g,
      Array.from({ length: whole(next, 1, 2) }, () => whole(next, 1, 4)),
      next,
    );
    return g.network(g.dense(hidden, classes(next)), drawBall(next));
  },
  'deep and narrow'(next) {
    const g = graphMaker([whole(next, 1, 3)]);
    const width = whole(next, 1, 4);
    const hidden = chain(
      g,
      Array.from({ length: whole(next, 4, 14) }, () => width),
      next,
    );
    return g.network(g.dense(hidden, classes(next)), drawBall(next));
  },
  'shallow and wide'(next) {
    const g = graphMaker([whole(next, 2, 6)]);
    return g.network(g.dense(chain(g, [2 * whole(next, 16, 60)], next), classes(next)), drawBall(next));
  },
  'wide, then sums of all'(next) {
    const g = graphMaker([whole(next, 1, 4)]);
    return g.network(
      g.dense(chain(g, [2 * whole(next, 12, 30), 2 * whole(next, 3, 8)], next), classes(next)),
      drawBall(next),
    );
  },
  convolutions(next) {
    const g = graphMaker([whole(next, 3, 5), whole(next, 3, 5), whole(next, 1, 2)]);
    const side = (): number => whole(next, 0, 1);
    const conv = (x: Layer): Layer =>
      g.conv2d(x, {
        filters: pick(next, [1, 2, 4]),
        kernel: [whole(next, 1, 3), whole(next, 1, 3)],
        strides: [whole(next, 1, 2), whole(next, 1, 2)],
        padding: chance(next, 0.5) ? { top: side(), bottom: side(), left: side(), right: side() } : noPadding,
      });
    const first = g.relu(conv(g.input));
    const fits = first.shape[0]! >= 3 && first.shape[1]! >= 3;
    const second = fits && chance(next, 0.7) ? g.relu(conv(first)) : first;
    const hidden = chance(next, 0.4) ? g.relu(g.dense(second, 6)) : second;
    return g.network(g.dense(hidden, classes(next)), drawBall(next));
  },
  'skips that cancel'(next) {
    const g = graphMaker(chance(next, 0.3) ? [3, 3, 2] : [2 * whole(next, 1, 3)]);
    let x = chance(next, 0.5) ? g.relu(alike(g, g.input)) : g.input;
    for (let block = whole(next, 1, 3); block > 0; block--) {
      const inner = alike(g, g.relu(alike(g, x)));
      const sum = pick(next, [
        () => g.add(inner, x),
        () => g.add(x, inner),
        () => g.add(alike(g, x), inner, alike(g, x)),
      ])();
      x = chance(next, 0.7) ? g.relu(sum) : sum;
    }
    return g.network(g.dense(x, classes(next)), drawBall(next));
  },
  'sums of many branches'(next) {
    const g = graphMaker([whole(next, 1, 6)]);
    const x = chance(next, 0.5) ? g.relu(alike(g, g.input)) : g.input;
    const branches = Array.from({ length: whole(next, 3, 7) }, () =>
      pick(next, [() => x, () => alike(g, x), () => g.relu(alike(g, x)), () => alike(g, g.relu(x))])(),
    );
    const sum = g.add(...branches);
    return g.network(g.dense(chance(next, 0.7) ? g.relu(sum) : sum, classes(next)), drawBall(next));
  },
  'leaky activations'(next) {
    const g = graphMaker(chance(next, 0.3) ? [3, 3, 2] : [whole(next, 1, 6)]);
    const slope = pick(next, [0.01, 0.1, 0.3, 1e-3, 0.9999, 1, 0, 2 ** -24]);
    let x = g.leakyRelu(alike(g, g.input), slope);
    for (let count = whole(next, 0, 3); count > 0; count--) {
      const inner = g.leakyRelu(alike(g, x), chance(next, 0.5) ? slope : 0.2);
      x = chance(next, 0.3) ? g.add(inner, x) : inner;
    }
    return g.network(g.dense(x, classes(next)), drawBall(next));
  },
  'side by side'(next) {
    const g = graphMaker(chance(next, 0.4) ? [3, 3, whole(next, 1, 2)] : [whole(next, 1, 6)]);
    const x = chance(next, 0.7) ? g.relu(alike(g, g.input)) : g.input;
    const parts = Array.from({ length: whole(next, 2, 4) }, () =>
      pick(next, [() => x, () => alike(g, x), () => g.relu(alike(g, x)), () => g.leakyRelu(alike(g, x), 0.1)])(),
    );
    const joined = g.concat(...parts);
    const behind = pick(next, [() => joined, () => g.relu(joined), () => g.relu(alike(g, joined))])();
    return g.network(g.dense(behind, classes(next)), drawBall(next));
  },
  averages(next) {
    const g = graphMaker([whole(next, 3, 5), whole(next, 3, 5), whole(next, 1, 2)]);
    const pooled = (x: Layer): Layer => {
      const [height, width] = [x.shape[0]!, x.shape[1]!];
      const pool: [number, number] = chance(next, 0.2)
        ? [height, width]
        : [Math.min(height, whole(next, 1, 3)), Math.min(width, whole(next, 1, 3))];
      const side = (size: number): number => (chance(next, 0.5) ? whole(next, 0, size - 1) : 0);
      return g.averagePool2d(x, {
        pool,
        strides: [whole(next, 1, 2), whole(next, 1, 3)],
        padding: { top: side(pool[0]), bottom: side(pool[0]), left: side(pool[1]), right: side(pool[1]) },
        countPadding: chance(next, 0.5),
      });
    };
    const first = chance(next, 0.3) ? g.input : g.relu(alike(g, g.input));
    const inner = pooled(first);
    const second = pick(next, [() => inner, () => g.relu(inner), () => g.relu(alike(g, inner)), () => pooled(inner)])();
    return g.network(g.dense(second, classes(next)), drawBall(next));
  },
  'normalised inputs'(next) {
    const channels = whole(next, 1, 3);
    const g = graphMaker(chance(next, 0.5) ? [channels] : [3, 2, channels]);
    const all = (draw: () => number): number[] => Array.from({ length: channels }, draw);
    const mean = all(() => pick(next, [0.1307, 0.4914, -0.3, 0, 1000.1, 50_000]));
    const std = all(() => pick(next, [0.3081, 0.247, 1, 3, 1e-3, 1e-6, 255]));
    const normalised = g.normalize(g.input, mean, std);
    const first =
      normalised.shape.length === 3 ? g.conv2d(normalised, { filters: 2, kernel: [2, 2] }) : g.dense(normalised, 4);
    const inside = g.relu(first);
    const each = (value: number): number[] => new Array<number>(inside.shape.at(-1)!).fill(value);
    const again = chance(next, 0.3) ? g.normalize(inside, each(0.3), each(0.7)) : inside;
    return g.network(g.dense(chance(next, 0.5) ? g.relu(g.dense(again, 4)) : again, classes(next)), drawBall(next));
  },
};

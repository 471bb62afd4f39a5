/** Examples and radii: where floats lie far apart, on the border of the box, and radii near the one at which the margin vanishes. */
import type { Ball, LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import { sizeOf } from '../../../../compiler/shared/shape.ts';
import { exactNetwork } from '../exact-network.ts';
import { exactVector, toNumber, toNumbers } from '../exact-vector.ts';
import { nextFloat } from '../float32-points.ts';
import { classesOf, type ExactSubject } from '../subject.ts';
import { chance, type Next, normal, pick, whole } from './drawing.ts';

const within = (value: number, [low, high]: readonly [number, number]): number => {
  const rounded = Math.fround(Math.min(Math.max(value, low), high));
  // The edge of a box need not be float32.
  return rounded < low ? nextFloat(rounded, 1) : rounded > high ? nextFloat(rounded, -1) : rounded;
};

const entries: Readonly<Record<string, (next: Next) => number>> = {
  uniform: next => 2 * next() - 1,
  pixels: next => whole(next, 0, 255) / 255,
  edges: next => pick(next, [0, 1, 0.5, -1, 0.1]),
  normal: next => 3 * normal(next),
  large: next => pick(next, [-1, 1]) * (50_000 + 100 * next()),
  tiny: next => normal(next) * 2 ** -130,
};

const plain = ['uniform', 'uniform', 'pixels', 'edges', 'normal'];

export function drawExample(graph: LayerGraph, next: Next): Float32Array {
  const size = sizeOf(graph.layers[0]!.shape);
  const box = boxOf(graph.ball);
  const normalize = graph.layers.find(layer => layer.kind === 'normalize' && layer.inputs[0] === graph.input);
  if (normalize?.kind === 'normalize' && box === null && chance(next, 0.5))
    return Float32Array.from({ length: size }, (_, i) => {
      const channel = i % normalize.std.length;
      return normalize.mean[channel]! + normalize.std[channel]! * normal(next);
    });
  const style = pick(next, box === null && chance(next, 0.1) ? ['large', 'tiny'] : plain);
  const draw = entries[style]!;
  return Float32Array.from({ length: size }, () => within(draw(next), box ?? [-1e9, 1e9]));
}

const boxOf = (ball: Ball): readonly [number, number] | null => (ball.norm === 'linf' ? ball.box : null);

/**
 * The label is the predicted class, mostly, and the radius a share of the one at which the nearest margin vanishes, were the network
 * linear: so that many examples are certified, and some just so.
 */
export function drawTask(
  graph: LayerGraph,
  params: ExactSubject['params'],
  x: Float32Array,
  next: Next,
): Pick<ExactSubject, 'label' | 'epsilon'> {
  const network = exactNetwork(graph, params);
  const values = network.valuesAt(exactVector(x));
  const logits = values.get(graph.output)!;
  const classes = classesOf(graph);
  const best = Array.from({ length: classes }, (_, i) => i).reduce((a, b) =>
    logits.units[b]! > logits.units[a]! ? b : a,
  );
  const label = chance(next, 0.95) ? best : whole(next, 0, classes - 1);
  const reaches = Array.from({ length: classes }, (_, other) => {
    if (other === label) return Number.POSITIVE_INFINITY;
    const row = Array.from({ length: classes }, (_, i) => (i === label ? 1n : i === other ? -1n : 0n));
    const gradient = toNumbers(
      network.gradients(graph.output, row, values).get(graph.input) ?? exactVector(x.map(() => 0)),
    );
    const slope =
      graph.ball.norm === 'l2'
        ? Math.hypot(...gradient)
        : gradient.reduce((total, entry) => total + Math.abs(entry), 0);
    const gap = { ...logits, units: [logits.units[label]! - logits.units[other]!] };
    return Math.abs(toNumber(gap, 0)) / slope;
  });
  const reach = Math.min(...reaches);
  const share = pick(next, [1e-7, 1e-4, 0.01, 0.1, 0.3, 0.6, 0.9, 0.99, 0.9999, 1.0001, 1.5, 4]);
  const epsilon = chance(next, 0.1) ? 10 ** (-8 + 8 * next()) : share * reach;
  const isUsable = epsilon > 2 ** -126 && epsilon < 1e9;
  return { label, epsilon: isUsable ? epsilon : 0.01 };
}

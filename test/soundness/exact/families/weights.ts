/**
 * Weights that make sums cancel, and scales that come and go: a way to draw, then what is done with all layers alike. In every
 * network each layer's numbers are float32.
 */
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import { sizeOf } from '../../../../compiler/shared/shape.ts';
import { chance, type Next, normal, nudged, pick, whole } from './drawing.ts';
import { parameterShapes } from './graph-maker.ts';

type Params = Record<string, Float32Array>;
type Draw = (next: Next, fanIn: number) => number;

const draws: Readonly<Record<string, Draw>> = {
  normal: (next, fanIn) => normal(next) / Math.sqrt(fanIn),
  ones: next => pick(next, [-1, 1]),
  'ones and zeros': next => pick(next, [-1, 0, 0, 1]),
  'ones, a bit off': next => nudged(next, pick(next, [-1, 1]), 2),
  integers: next => whole(next, -2, 2),
  // Last bits set, so that every product is rounded.
  'odd mantissas': next => pick(next, [-1, 1]) * (1 + (2 * whole(next, 0, 2 ** 22 - 1) + 1) * 2 ** -23),
  'of many sizes': next => pick(next, [-1, 1]) * (1 + next()) * 2 ** whole(next, -20, 6),
  positive: next => next() + 2 ** -10,
};

/** Names of ways to draw; `normal` is the plainest. */
export const drawNames: readonly string[] = Object.keys(draws);

export interface WeightStyle {
  readonly draw: string;
  /** Outputs of a layer come in equal pairs, which the layer behind takes off each other. */
  readonly isPaired: boolean;
  /** Biases are this many times as large, with both signs. */
  readonly biasScale: number;
  /** Biases take off nearly all that the weights add up at the example, so that every sum is the small difference of large ones. */
  readonly isCentred: boolean;
  /** Each layer's weights are multiplied by a power of two, and the last brings the scale back. */
  readonly scales: 'none' | 'mild' | 'wild';
}

export function drawStyle(next: Next): WeightStyle {
  return {
    draw: pick(next, drawNames),
    isPaired: chance(next, 0.4),
    isCentred: chance(next, 0.25),
    biasScale: pick(next, [1, 1, 0, 100, 2 ** 14]),
    scales: pick(next, ['none', 'none', 'none', 'mild', 'wild']),
  };
}

export function drawWeights(graph: LayerGraph, style: WeightStyle, next: Next): Params {
  const params: Params = {};
  const draw = draws[style.draw]!;
  for (const [name, shape] of Object.entries(parameterShapes(graph))) {
    const isBias = name.endsWith('.bias');
    const fanIn = isBias ? 4 : sizeOf(shape.slice(0, -1));
    const scale = isBias ? style.biasScale : 1;
    params[name] = Float32Array.from({ length: sizeOf(shape) }, () => scale * draw(next, fanIn));
    if (style.isPaired) pair(params[name]!, shape, isBias, next);
  }
  if (style.scales !== 'none') scale(params, style.scales === 'wild' ? 120 : 20, next, 0);
  return params;
}

/** `[…, inputs, outputs]`, or `[outputs]`: odd outputs become their left neighbours, odd inputs theirs with the sign turned. */
function pair(values: Float32Array, shape: readonly number[], isBias: boolean, next: Next): void {
  const outputs = shape.at(-1)!;
  const inputs = isBias ? 1 : shape.at(-2)!;
  const isNudged = chance(next, 0.3);
  const copy = (value: number): number => (isNudged && chance(next, 0.2) ? nudged(next, value) : value);
  for (let at = 0; at < values.length; at++) {
    const output = at % outputs;
    const input = Math.floor(at / outputs) % inputs;
    if (input % 2 === 1) values[at] = -copy(values[at - outputs]!);
    else if (output % 2 === 1 && outputs > 2) values[at] = copy(values[at - 1]!);
  }
}

/**
 * Powers of two on every layer, biases on the scale of their layer; activations between 2^-reach and 2^90, and near 1 behind the last
 * layer, for inputs of size 2^start. Weights may become subnormal.
 */
export function scale(params: Params, reach: number, next: Next, start: number): void {
  const layers = [...new Set(Object.keys(params).map(name => name.split('.')[0]!))];
  let before = start;
  for (const [number, layer] of layers.entries()) {
    const isLast = number === layers.length - 1;
    const after = isLast ? whole(next, -2, 2) : whole(next, -reach, Math.min(reach, 90));
    const own = Math.max(-145, Math.min(120, after - before));
    before += own;
    for (const [name, exponent] of [
      [`${layer}.weight`, own],
      [`${layer}.bias`, before],
    ] as const)
      if (params[name] !== undefined) params[name] = params[name].map(value => finite(value * 2 ** exponent));
  }
}

/** The largest float32 in place of what is larger. */
function finite(value: number): number {
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) ? rounded : Math.sign(value) * (2 - 2 ** -23) * 2 ** 127;
}

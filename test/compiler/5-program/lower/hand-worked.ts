/**
 * A network of two dense layers, 2 → 2 → 2, worked by hand at x = (1/2, 1/2) with a radius of 1/2:
 *
 *     z = (x1 + 2·x2 − 1, −x1 + x2 + 1/2)      centre (1/2, 1/2), radius (3/2, 1)
 *     z1 ∈ [−1, 2]      z2 ∈ [−1/2, 3/2]
 *     bands: slope u/(u − l) = (2/3, 3/4), radius = offset = −slope·l/2 = (1/3, 3/16)
 *     h = relu(z)       centre slope·c + offset = (2/3, 9/16)
 *     f = (h1 − 2·h2, h1 + h2)                 centre (−11/24, 59/48)
 *
 * Row (1, −2) of f: norm at the bands 1/3 + 2·3/16 = 17/24; behind them (2/3, −3/2), at the input (2/3 + 3/2, 4/3 − 3/2) =
 * (13/6, −1/6), norm 1/2 · 14/6 = 28/24; radius 45/24.
 * Row (1, 1): norm 1/3 + 3/16 = 25/48; behind (2/3, 3/4), at the input (−1/12, 25/12), norm 1/2 · 26/12 = 52/48; radius 77/48.
 */
import { interpret, type ProgramOutput } from '../../../../compiler/5-program/interpret.ts';
import { compileFor, type EmissionOptions } from '../../../support/emitted-model.ts';
import { textGraph } from '../../../support/text-graph.ts';

const hidden = `
  x = input() : [2]
  z = dense(x) {units: 2, useBias: true} : [2]
  h = relu(z) : [2]
  f = dense(h) {units: 2, useBias: false} : [2]`;
/** `f` is bounded as the input of `g`. */
const bounded = `${hidden}
  g = relu(f) : [2]
  logits = dense(g) {units: 2, useBias: false} : [2]
  output logits`;
/** `f` are the logits. */
const classified = `${hidden}
  output f`;

const params = {
  'z.weight': [1, -1, 2, 1],
  'z.bias': [-1, 0.5],
  'f.weight': [1, 1, -2, 1],
  'logits.weight': [1, 0, 0, 1],
};

type Values = Readonly<Record<string, ProgramOutput>>;

function run(text: string, ball: string, epsilon: number, options: EmissionOptions): Values {
  const { certificate } = compileFor(textGraph(`ball ${ball}\n${text}`), { arithmetic: 'real', ...options }).programs;
  const inputs = { x: [0.5, 0.5], labels: [0], epsilon: [epsilon] };
  return interpret(certificate, { batchSize: 1, inputs, params });
}

/** Bounds of `z` (as `h`) and `f` (as `g`). */
export const boundsBy = (bounds: string, ball = 'linf 0.5', epsilon = 0.5, options: EmissionOptions = {}): Values =>
  run(bounded, ball, epsilon, { ...options, bounds });

export const marginsBy = (bounds: string, ball = 'linf 0.5', epsilon = 0.5): Values =>
  run(classified, ball, epsilon, { bounds });

export const entries = (values: Values, name: string): number[] => [...values[name]!.data];

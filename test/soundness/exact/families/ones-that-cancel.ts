/**
 * Sums of ones that cancel: 4 → 2N → K → 2, no parameter above 1. Two thirds of the first layer's units are equal, `h`, one third is
 * twice as large. Each of the K units behind them adds up the former and takes the latter off, or the other way round, which is 0,
 * plus a constant; the logits add up these with signs that cancel the constants. So the margin is the difference of the last biases,
 * wherever the input is. In float32 each sum has an error, since steps of `h` and of `2h` are rounded differently, and the last
 * layer adds up the K errors.
 */
import type { LayerGraph } from '../../../../compiler/2-graph/layer.ts';
import type { ExactSubject } from '../subject.ts';
import { graphMaker } from './graph-maker.ts';

export interface OnesThatCancel {
  /** N and K; K is even. */
  readonly half: number;
  readonly sums: number;
  /** What the margin is, in real numbers; negative: the example is misclassified. */
  readonly margin: number;
  readonly epsilon: number;
  /** How many values of `h` are tried for the one that float32 sums are most wrong about. */
  readonly tries: number;
}

export function onesGraph(half: number, sums: number): LayerGraph {
  const g = graphMaker([4]);
  const equal = g.relu(g.dense(g.input, 2 * half));
  const logits = g.dense(g.relu(g.dense(equal, sums)), 2);
  return g.network(logits, { norm: 'linf', epsilon: 0.1, box: [0, 1] });
}

export function onesThatCancel(
  { half, sums, margin, epsilon, tries }: OnesThatCancel,
  graph: LayerGraph = onesGraph(half, sums),
): ExactSubject {
  const units = 2 * half;
  const third = Math.floor(units / 3);
  const size = (unit: number): number => (unit < 2 * third ? 1 : unit < 3 * third ? 2 : 0);
  const sign = (unit: number): number => [0, 1, -1][size(unit)]!;
  const side = (sum: number): 1 | -1 => (sum < sums / 2 ? 1 : -1);
  const { bias, direction } = worstBias(third, tries);
  return {
    graph,
    params: {
      'dense1.weight': Float32Array.from({ length: 4 * units }, (_, i) => 0.125 * size(i % units)),
      'dense1.bias': Float32Array.from({ length: units }, (_, unit) => bias * size(unit)),
      'dense2.weight': Float32Array.from(
        { length: units * sums },
        (_, i) => sign(Math.floor(i / sums)) * side(i % sums),
      ),
      'dense2.bias': new Float32Array(sums).fill(1),
      'dense3.weight': Float32Array.from({ length: 2 * sums }, (_, i) =>
        i % 2 === 0 ? side(Math.floor(i / 2)) * direction : 0,
      ),
      'dense3.bias': Float32Array.of(margin, 0),
    },
    x: Float32Array.of(0.5, 0.5, 0.5, 0.5),
    label: 0,
    epsilon,
  };
}

/** The bias of the first layer for which the sum, added up from left to right, is furthest from 0, and on which side. */
function worstBias(third: number, tries: number): { readonly bias: number; readonly direction: 1 | -1 } {
  let [worst, bias] = [0, 0.25];
  for (let i = 0; i < tries; i++) {
    const candidate = Math.fround(0.05 + (0.2 * (i + 0.5)) / tries);
    const value = Math.fround(0.25 + candidate);
    let total = 0;
    for (let k = 0; k < 3 * third; k++) total = Math.fround(total + (k < 2 * third ? value : -2 * value));
    if (Math.abs(total) > Math.abs(worst)) [worst, bias] = [total, candidate];
  }
  return { bias, direction: worst < 0 ? -1 : 1 };
}

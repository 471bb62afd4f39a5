/**
 * The paper's Algorithm 1 as the authors write it: rows of explicit matrices `ν_i` from every layer to the bound, a median over projections for the
 * norm of the ball's row, and for each ReLU the negative part of its row estimated apart,
 *
 *     Σ_{j∈I} d_j ℓ_j [∓ν_j]₊ ≈ ½ (∓Σ_{j∈I} d_j ℓ_j ν_j − median_k |Σ_{j∈I} d_j ℓ_j ν_j C_jk|),
 *
 * with the same draws. The program carries sketches forward and knows bands; it has to say the same to 1e-9.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import { interpret } from '../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import { candidateCosts } from '../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../compiler/options.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import type { Meaning } from '../support/layer-meaning.ts';
import { median } from '../support/median.ts';
import { seededNormals } from '../support/program-inputs.ts';
import { type RandomNetwork, randomNetwork } from '../support/random-network.ts';
import { plainNetwork } from '../support/random-network-forward.ts';
import { boxAround } from '../support/sample-ball.ts';
import { programInputs } from './certificate.ts';

const k = 5;

/** `[k, count]`, of a stream. */
const draw = (stream: string, distribution: string, count: number): Float64Array =>
  seededNormals(17 * stream.length + distribution.length, count);

const isOfRelus = ({ graph }: RandomNetwork): boolean =>
  graph.ball.norm === 'linf' && graph.layers.every(({ kind }) => kind !== 'leakyRelu');

const networks = fc.sample(randomNetwork, { seed: 23, numRuns: 500 }).filter(isOfRelus).slice(0, 160);

function boundsBySketch(network: RandomNetwork) {
  const dual = buildDual(network.graph);
  const names = dual.bounds
    .filter(({ rows }) => rows === 'identity')
    .map(({ name }) => `train:${name}=sketch:per-layer`);
  const requests = parseBoundsRequest(['train:exact', ...names].join(','));
  const options = { ...defaultOptions, requests, projections: k, estimator: 'median' } as const;
  const { train } = chooseSchedule(dual, options, candidateCosts(dual));
  return interpret(lowerCertificate(dual, train), { ...programInputs(network), noise: draw });
}

/** The row of an entry of a layer at each layer before it: what that entry is of theirs, through matrices and slopes. */
function rowsOf(
  entry: { readonly layer: LayerId; readonly at: number },
  { graph }: RandomNetwork,
  meanings: ReadonlyMap<LayerId, Meaning>,
  slopes: ReadonlyMap<LayerId, Float64Array>,
): Map<LayerId, Float64Array> {
  const sizes = new Map(graph.layers.map(({ id, shape }) => [id, sizeOf(shape)]));
  const rows = new Map([
    [entry.layer, Float64Array.from({ length: sizes.get(entry.layer)! }, (_, i) => +(i === entry.at))],
  ]);
  for (const { id, inputs } of graph.layers.toReversed()) {
    const row = rows.get(id);
    if (row === undefined) continue;
    for (const [operand, input] of inputs.entries()) {
      const before = rows.get(input) ?? new Float64Array(sizes.get(input)!);
      rows.set(input, before);
      addBehind(before, row, { meaning: meanings.get(id)!, slopes: slopes.get(id), operand });
    }
  }
  return rows;
}

function addBehind(
  to: Float64Array,
  row: Float64Array,
  { meaning, slopes, operand }: { meaning: Meaning; slopes: Float64Array | undefined; operand: number },
): void {
  if (meaning.kind === 'matrix') {
    const { map } = meaning;
    for (const [i, target] of map.to.entries()) to[map.from[i]!]! += map.weight[i]! * row[target]!;
  } else if (meaning.kind === 'joined') {
    for (const [i, { operand: of, entry }] of meaning.entries.entries()) if (of === operand) to[entry]! += row[i]!;
  } else for (let i = 0; i < row.length; i++) to[i]! += (slopes?.[i] ?? 1) * row[i]!;
}

const medianOf = (stream: LayerId, products: Float64Array): number => {
  const draws = draw(stream, 'cauchy', k * products.length);
  const sums = Array.from({ length: k }, (_, column) =>
    Math.abs(products.reduce((sum, product, j) => sum + product * draws[column * products.length + j]!, 0)),
  );
  return median(sums);
};

it('estimates what the authors estimate, with the same draws', () => {
  let compared = 0;
  for (const network of networks) {
    const { graph, params, batch } = network;
    const { meanings } = plainNetwork(graph, params);
    const found = boundsBySketch(network);
    const size = network.x.length / batch;
    for (let example = 0; example < batch; example++) {
      const [low, high] = boxAround(graph.ball, network.x.subarray(example * size, (example + 1) * size));
      const slopes = new Map<LayerId, Float64Array>();
      /** `d_j ℓ_j` where the neuron crosses 0, else 0. */
      const heights = new Map<LayerId, Float64Array>();
      for (const { id, inputs, shape } of graph.layers) {
        if (meanings.get(id)!.kind !== 'curve') continue;
        const count = sizeOf(shape);
        const end = (side: 'lower' | 'upper'): Float64Array =>
          Float64Array.from({ length: count }, (_, i) => found[`bounds.${id}.${side}`]!.data[example * count + i]!);
        const [lower, upper] = [end('lower'), end('upper')];
        // Bounds that no sketch ran for are exact ones: only those behind some nonlinearity are compared.
        for (let at = 0; at < count; at++) {
          const rows = rowsOf({ layer: inputs[0]!, at }, network, meanings, slopes);
          const before = [...rows].filter(([source]) => heights.has(source));
          if (before.length === 0) continue;
          const [least, greatest] = authorsBounds(rows, { graph, meanings, heights, low, high });
          const room = 1e-9 * (1 + Math.abs(least) + Math.abs(greatest));
          expect(Math.abs(lower[at]! - least)).toBeLessThan(room);
          expect(Math.abs(upper[at]! - greatest)).toBeLessThan(room);
          compared++;
        }
        slopes.set(
          id,
          lower.map((l, i) => (l >= 0 ? 1 : upper[i]! <= 0 ? 0 : upper[i]! / (upper[i]! - l))),
        );
        heights.set(
          id,
          lower.map((l, i) => (l >= 0 || upper[i]! <= 0 ? 0 : slopes.get(id)![i]! * l)),
        );
      }
    }
  }
  expect(compared).toBeGreaterThan(500);
});

interface Before {
  readonly graph: RandomNetwork['graph'];
  readonly meanings: ReadonlyMap<LayerId, Meaning>;
  readonly heights: ReadonlyMap<LayerId, Float64Array>;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

function authorsBounds(
  rows: ReadonlyMap<LayerId, Float64Array>,
  { graph, meanings, heights, low, high }: Before,
): readonly [number, number] {
  let [nominal, below, above] = [0, 0, 0];
  for (const [id, row] of rows) {
    const meaning = meanings.get(id)!;
    const dot = (values: ArrayLike<number>): number => row.reduce((sum, entry, i) => sum + entry * values[i]!, 0);
    if (meaning.kind === 'matrix') nominal += dot(meaning.map.bias);
    if (id === graph.input) {
      nominal += dot(low.map((l, i) => (l + high[i]!) / 2));
      const radius = medianOf(
        id,
        row.map((entry, i) => (entry * (high[i]! - low[i]!)) / 2),
      );
      below += radius;
      above += radius;
    }
    const height = heights.get(id);
    if (height === undefined) continue;
    const products = row.map((entry, i) => entry * height[i]!);
    const sum = products.reduce((all, product) => all + product, 0);
    const norm = medianOf(id, products);
    below += (norm + sum) / 2;
    above += (norm - sum) / 2;
  }
  return [nominal - below, nominal + above];
}

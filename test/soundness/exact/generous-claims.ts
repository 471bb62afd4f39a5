/**
 * Bounds that are surely sound, by intervals with far more room than rounding needs: when the oracle refutes them, the oracle is
 * wrong. Good for nothing else.
 */
import type { Layer } from '../../../compiler/2-graph/layer.ts';
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import { assertNever } from '../../../compiler/shared/assert.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { joinedEntries } from '../../support/joined-entries.ts';
import { pooledEntries } from '../../support/pooled-entries.ts';
import { affineRows } from './affine-rows.ts';
import type { Claims } from './claims.ts';
import type { ExactSubject } from './subject.ts';

interface Ends {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Rounding of one operation, twice as large as it is; what may be lost where subnormals are flushed; the largest float32. */
const unit = 2 ** -23;
const flushed = 2 ** -126;
const largest = 2 ** 127;

export function generousClaims(subject: ExactSubject): Claims {
  const { graph, params, x, epsilon, label } = subject;
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const ends = new Map<LayerId, Ends>();
  for (const layer of graph.layers) {
    const inputs = layer.inputs.map(id => ends.get(id)!);
    const inputShapes = layer.inputs.map(id => shapes.get(id)!);
    if (layer.kind === 'input') {
      const near = (sign: number): Float64Array =>
        Float64Array.from(x, entry => entry + sign * epsilon * (1 + unit) + sign * Math.abs(entry) * unit);
      ends.set(layer.id, { lower: near(-1), upper: near(1) });
    } else ends.set(layer.id, endsOf(layer, inputs, inputShapes, params));
  }
  const { lower, upper } = ends.get(graph.output)!;
  const margins = lower.map(
    (_, entry) => lower[label]! - upper[entry]! - unit * (Math.abs(lower[label]!) + Math.abs(upper[entry]!)),
  );
  const nonlinearities = graph.layers.filter(layer => hasRole(layer, 'nonlinearity'));
  const bounds = Object.fromEntries(nonlinearities.map(({ id, inputs }) => [id, ends.get(inputs[0]!)!]));
  return { name: 'generous intervals', arithmetic: 'float32', margins, bounds };
}

function endsOf(
  layer: Layer,
  inputs: readonly Ends[],
  inputShapes: readonly (readonly number[])[],
  params: ExactSubject['params'],
): Ends {
  const [first] = inputs as [Ends];
  switch (layer.kind) {
    case 'input':
    case 'flatten':
    case 'reshape':
      return first;
    case 'relu':
      return { lower: first.lower.map(low => Math.max(0, low)), upper: first.upper.map(high => Math.max(0, high)) };
    case 'leakyRelu': {
      // One product each; it grows with the entry.
      const values = fromTerms(first.lower.length, i => ({
        weights: [layer.negativeSlope],
        terms: [entryOf(first, i)],
        bias: 0,
      }));
      return {
        lower: values.lower.map((low, i) => (first.lower[i]! > 0 ? first.lower[i]! : low)),
        upper: values.upper.map((high, i) => Math.max(high, first.upper[i]!)),
      };
    }
    case 'concat': {
      const entries = joinedEntries(inputShapes);
      const end = (side: keyof Ends): Float64Array =>
        Float64Array.from(entries, ({ operand, entry }) => inputs[operand]![side][entry]!);
      return { lower: end('lower'), upper: end('upper') };
    }
    case 'averagePool2d': {
      const pools = pooledEntries(layer, inputShapes[0]!);
      return fromTerms(pools.length, i => ({
        weights: pools[i]!.from.map(() => 1 / pools[i]!.count),
        terms: pools[i]!.from.map(place => entryOf(first, place)),
        bias: 0,
      }));
    }
    case 'add': {
      const ones = inputs.map(() => 1);
      return fromTerms(first.lower.length, i => ({
        weights: ones,
        terms: inputs.map(input => entryOf(input, i)),
        bias: 0,
      }));
    }
    case 'normalize':
      return fromTerms(first.lower.length, i => {
        const [mean, std] = [layer.mean[i % layer.mean.length]!, layer.std[i % layer.std.length]!];
        return { weights: [1 / std, -1 / std], terms: [entryOf(first, i), { low: mean, high: mean }], bias: 0 };
      });
    case 'dense':
    case 'conv2d': {
      const rows = affineRows(layer, inputShapes[0]!)!;
      const [weights, biases] = [params[`${layer.id}.weight`]!, params[`${layer.id}.bias`]];
      return fromTerms(rows.length, i => ({
        weights: rows[i]!.weight.map(place => weights[place]!),
        terms: rows[i]!.from.map(place => entryOf(first, place)),
        bias: biases?.[rows[i]!.bias] ?? 0,
      }));
    }
    default:
      return assertNever(layer);
  }
}

interface Range {
  readonly low: number;
  readonly high: number;
}

interface Terms {
  readonly weights: readonly number[];
  readonly terms: readonly Range[];
  readonly bias: number;
}

const entryOf = ({ lower, upper }: Ends, i: number): Range => ({ low: lower[i]!, high: upper[i]! });

function fromTerms(count: number, termsOf: (i: number) => Terms): Ends {
  const [lower, upper] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    const { weights, terms, bias } = termsOf(i);
    let [low, high, size, lost] = [bias, bias, Math.abs(bias), 2 * flushed];
    for (const [k, weight] of weights.entries()) {
      const term = terms[k]!;
      const reach = Math.max(Math.abs(term.low), Math.abs(term.high));
      const ways = weight === 0 ? [0, 0] : [weight * term.low, weight * term.high];
      low += Math.min(...ways);
      high += Math.max(...ways);
      size += weight === 0 ? 0 : Math.abs(weight) * reach;
      // A subnormal operand may be taken for 0, and so may the product and the sum.
      lost += flushed * (2 + Math.abs(weight) + reach);
    }
    const room = (2 * weights.length + 8) * unit * size + lost;
    const isFloat32 = size < largest && terms.every(term => Number.isFinite(term.low) && Number.isFinite(term.high));
    lower[i] = isFloat32 ? low - room : Number.NEGATIVE_INFINITY;
    upper[i] = isFloat32 ? high + room : Number.POSITIVE_INFINITY;
  }
  return { lower, upper };
}

/** A layer as a full matrix, `W[output][input]`, and its bias. */
import { sizeOf } from '../../../compiler/shared/shape.ts';
import { meaningOf } from '../../support/layer-meaning.ts';
import type { LayerSample } from './layer-samples.ts';

export interface ExplicitMatrix {
  readonly weights: readonly Float64Array[];
  readonly bias: Float64Array;
  /** Inputs that an output is made of, also those whose weight happens to be 0. */
  readonly reads: readonly ReadonlySet<number>[];
}

/** Throws an `Error` when the layer is none. */
export function matrixOf({ layer, inputShapes, params }: LayerSample): ExplicitMatrix {
  const meaning = meaningOf(layer, inputShapes, params);
  if (meaning.kind !== 'matrix') throw new Error(`${layer.kind} is no matrix`);
  const inputs = sizeOf(inputShapes[0]!);
  const weights = Array.from({ length: sizeOf(layer.shape) }, () => new Float64Array(inputs));
  const reads = weights.map(() => new Set<number>());
  const { to, from, weight, bias } = meaning.map;
  to.forEach((output, i) => {
    weights[output]![from[i]!]! += weight[i]!;
    reads[output]!.add(from[i]!);
  });
  return { weights, bias, reads };
}

/** `f(W) x`, entry by entry. */
export const product = (
  { weights }: ExplicitMatrix,
  x: ArrayLike<number>,
  change: (weight: number) => number = weight => weight,
): Float64Array =>
  Float64Array.from(weights, row => row.reduce((sum, weight, input) => sum + change(weight) * x[input]!, 0));

/** `Wᵀ dual`. */
export function transposedProduct({ weights }: ExplicitMatrix, dual: ArrayLike<number>): Float64Array {
  const result = new Float64Array(weights[0]?.length ?? 0);
  weights.forEach((row, output) => {
    row.forEach((weight, input) => {
      result[input]! += weight * dual[output]!;
    });
  });
  return result;
}

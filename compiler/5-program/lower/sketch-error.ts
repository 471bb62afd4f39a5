/**
 * How far float32 may lead a sketch astray, as a share of its sizes (the same pass with everything taken by its size, `sketch-pass.ts`).
 *
 * Let `s` be an entry as real numbers give it for the computed slopes and radii, `s̃` as it was computed, `A` its size. Then
 * `|s̃ − s| ≤ share·A`, and so `|s̃| ≤ (1 + share) A`; with `γ` for the roundings of a layer's own sums (docs/probability.md):
 *
 *     ball     s = r C                        share = γ_1
 *     affine   s ← W s                        share ← share (1 + γ_f) + γ_f
 *     band     s ← slope·s + radius·C         share ← share (1 + γ_3) + γ_3
 *     sum      s ← s_1 + … + s_m              share ← max share_i · (1 + γ_{m−1}) + γ_{m−1}
 *     concat   each entry has the share of its operand; the largest stands for all
 *
 * Sizes are computed too, of one sign, so that the exact ones are at most `1 + slack` times as large.
 */
import type { Layer, LayerGraph } from '../../2-graph/layer.ts';
import { roleOf } from '../../2-graph/roles.ts';
import type { RoundingTerms } from '../../4-schedule/rounding-terms.ts';
import { assertNever, found } from '../../shared/assert.ts';
import { gamma } from '../../shared/float32.ts';
import type { LayerId } from '../../shared/ids.ts';

export interface SketchError {
  readonly share: number;
  readonly slack: number;
}

/** By layer. */
export function sketchErrors(
  { layers }: LayerGraph,
  terms: (id: LayerId) => RoundingTerms,
): ReadonlyMap<LayerId, SketchError> {
  const errors = new Map<LayerId, SketchError>();
  for (const layer of layers) {
    const inputs = layer.inputs.map(input => found(errors.get(input), `sketch error of ${input}`));
    errors.set(layer.id, errorBehind(layer, inputs, terms(layer.id)));
  }
  return errors;
}

function errorBehind(layer: Layer, inputs: readonly SketchError[], { forward }: RoundingTerms): SketchError {
  const largest = (of: (input: SketchError) => number): number => Math.max(...inputs.map(of));
  const after = (roundings: number, ofSizes: number): SketchError => ({
    share: largest(input => input.share) * (1 + gamma(roundings)) + gamma(roundings),
    slack: (1 + largest(input => input.slack)) * (1 + gamma(ofSizes)) - 1,
  });
  const role = roleOf(layer);
  switch (role) {
    case 'input':
      // A product with the radius; its size has a floor added.
      return { share: gamma(1), slack: gamma(2) };
    case 'nonlinearity':
      // Two products and their sum; slopes below the normal numbers may be read as 0, which the third rounding pays for, with the floor.
      return after(3, 6);
    case 'affine':
    case 'sum':
    case 'concat':
      // A layer that only moves entries rounds nothing. Kernels of sizes are rounded, and there is a floor in every sum.
      return forward === 0 ? after(0, 0) : after(forward + 1, forward + 5);
    default:
      return assertNever(role);
  }
}

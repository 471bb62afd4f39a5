/**
 * How far float32 may have led a layer astray since the nearest nonlinearities behind it, as a share of its size. A number for each
 * layer, known when the module is compiled; the size itself (`size.ts`) is computed with the bounds. docs/soundness.md derives both.
 *
 * Let `d = z̃ − c̃` be the deviation of the network as it runs from the centre as it was computed, and `ν̃` a computed dual. Walking
 * `⟨ν̃, d⟩` back from a layer to the bands behind it is wrong by at most `⟨share · size, |ν̃|⟩`:
 *
 *     affine   d_out = W d_in + e,  |e| ≤ γ_f (|W|(|z̃| + |c̃|) + 2|b|);  the dual Wᵀν̃ is off by γ_b |W|ᵀ|ν̃|, times |d_in| ≤ size_in
 *              size_out = |W| size_in + 2|b|,   share_out = share_in (1 + γ_b) + γ_f + γ_b
 *     sum      size_out = Σ size_i,             share_out = max share_i + γ_{operands − 1}
 *     concat   each entry has the size and the share of its operand; the largest share stands for all
 *     several readers: their duals are added up, with γ_{readers − 1} of their sizes times |d| ≤ size
 *     band, ball: 0 on leaving; what is owed at a band's input is paid with the norm of its relaxation (`relaxation.ts`)
 */
import type { Layer, LayerGraph } from '../../2-graph/layer.ts';
import { roleOf } from '../../2-graph/roles.ts';
import type { RoundingTable, RoundingTerms } from '../../4-schedule/rounding-terms.ts';
import { assertNever, found } from '../../shared/assert.ts';
import { gamma } from '../../shared/float32.ts';
import type { LayerId } from '../../shared/ids.ts';

export interface ErrorShare {
  /** Errors not yet paid, at most `share · size`, for the exact size. */
  readonly share: number;
  /** What one of the layer's own products has of the share: so much less for each entry of the input that is known to be 0. */
  readonly perProduct: number;
  /** The exact size is at most `1 + slack` times the computed one. */
  readonly slack: number;
}

/** Roundings behind the sizes of an input and of a nonlinearity's output: `2|c| + r`, `[u]₊ + |c|`, and a floor. */
const roundingsOfSize = 4;

export function errorShares({ layers }: LayerGraph, roundings: RoundingTable): ReadonlyMap<LayerId, ErrorShare> {
  const shares = new Map<LayerId, ErrorShare>();
  for (const layer of layers) {
    const terms = found(roundings.get(layer.id), `roundings of ${layer.id}`);
    const inputs = layer.inputs.map(input => found(shares.get(input), `error share of ${input}`));
    shares.set(layer.id, read(shareOf(layer, inputs, terms), terms.readers));
  }
  return shares;
}

function shareOf(layer: Layer, inputs: readonly ErrorShare[], { forward, backward }: RoundingTerms): ErrorShare {
  const largest = (of: (input: ErrorShare) => number): number => Math.max(...inputs.map(of));
  const role = roleOf(layer);
  switch (role) {
    case 'input':
      return { share: 0, perProduct: 0, slack: gamma(roundingsOfSize) };
    case 'nonlinearity':
      // The value of the nonlinearity rounds, and so does the magnitude that its size is made of.
      return { share: 0, perProduct: 0, slack: gamma(roundingsOfSize + 2 * forward) };
    case 'affine':
    case 'sum':
    case 'concat': {
      const share = largest(input => input.share) * (1 + gamma(backward)) + gamma(forward) + gamma(backward);
      // The size is a sum too, of one term more than the layer's own and with a rounded kernel; and it bounds |z̃| and |c̃|, which
      // their own roundings may have made larger.
      const slack = (1 + largest(input => input.slack)) * (1 + gamma(forward + 4)) * (1 + gamma(forward)) - 1;
      return { share, perProduct: forward === 0 ? 0 : gamma(forward) / forward, slack };
    }
    default:
      return assertNever(role);
  }
}

/** As its readers owe it: the sum of their duals is rounded. */
function read({ share, perProduct, slack }: ErrorShare, readers: number): ErrorShare {
  const sum = gamma(Math.max(0, readers - 1));
  return { share: share * (1 + sum) + sum, perProduct: perProduct * (1 + sum), slack };
}

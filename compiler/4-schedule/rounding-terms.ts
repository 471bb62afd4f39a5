/**
 * How often float32 rounds what one layer adds up: the one fact about a layer's arithmetic that the certificate's rounding terms are
 * made of (docs/soundness.md). A plan that certifies has it for every layer that a walk meets; its verifier refuses one that has not.
 */
import type { Layer, LayerGraph, LayerKind, LayerOf } from '../2-graph/layer.ts';
import { found } from '../shared/assert.ts';
import { mostTerms } from '../shared/float32.ts';
import type { LayerId } from '../shared/ids.ts';
import { type Shape, sizeOf } from '../shared/shape.ts';
import { BoundsRequestError } from './bounds-request.ts';

export interface RoundingTerms {
  /** Roundings that one term of an output entry may pass on the way forward: products, additions, the bias. */
  readonly forward: number;
  /** Those of them that come with one entry of the input each, and stay away when that entry is 0: a product, and its addition. */
  readonly products: number;
  /** The same for one entry of the dual, on the way back. */
  readonly backward: number;
  /** Layers that read this one, a layer that reads it twice counted twice: as many duals are added up here. */
  readonly readers: number;
}

export type RoundingTable = ReadonlyMap<LayerId, RoundingTerms>;

type Rule<Kind extends LayerKind> = (layer: LayerOf<Kind>, inputShape: Shape) => Omit<RoundingTerms, 'readers'>;

const none = { forward: 0, products: 0, backward: 0 } as const;

const rules = {
  input: () => none,
  relu: () => none,
  flatten: () => none,
  reshape: () => none,
  conv2d({ kernelSize: [height, width], strides, filters, useBias }, inputShape) {
    const products = height * width * found(inputShape.at(-1), 'channels of an input');
    // An entry of the input lies in at most this many windows in each direction, whatever the padding.
    const windows = Math.ceil(height / strides[0]) * Math.ceil(width / strides[1]);
    return { forward: products + Number(useBias), products, backward: windows * filters };
  },
  dense({ units, useBias }, inputShape) {
    const products = found(inputShape.at(-1), 'features of an input');
    return { forward: products + Number(useBias), products, backward: units };
  },
  add: ({ inputs }) => ({ forward: inputs.length - 1, products: 0, backward: 0 }),
  // Forward: the mean and the factor 1/std are rounded to float32 before they are subtracted and multiplied.
  normalize: () => ({ forward: 4, products: 0, backward: 2 }),
} satisfies { readonly [Kind in LayerKind]: Rule<Kind> };

/** Throws `BoundsRequestError` naming the layer when float32 cannot add up that much with a useful bound on its error. */
export function roundingTable({ layers }: LayerGraph): RoundingTable {
  const shapes = new Map(layers.map(({ id, shape }) => [id, shape]));
  const readers = new Map<LayerId, number>();
  for (const input of layers.flatMap(({ inputs }) => inputs)) readers.set(input, (readers.get(input) ?? 0) + 1);
  const termsOf = (layer: Layer): RoundingTerms => {
    const rule = rules[layer.kind] as Rule<LayerKind>;
    const inputShape = shapes.get(layer.inputs[0] ?? layer.id) ?? layer.shape;
    const terms = rule(layer, inputShape);
    // Norms add up all of a layer's entries, and so does what flushing may cost.
    const most = Math.max(terms.forward, terms.backward, sizeOf(layer.shape));
    if (most > mostTerms)
      throw new BoundsRequestError(
        `${layer.id} adds up ${most} terms; float32 sums of more than ${mostTerms} have no useful bound on their error`,
      );
    return { ...terms, readers: readers.get(layer.id) ?? 0 };
  };
  return new Map(layers.map(layer => [layer.id, termsOf(layer)]));
}

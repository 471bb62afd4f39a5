/**
 * An affine layer as a map on tensors with any leading dimension `n`, forward and transposed.
 * `map: 'affine'` is `W x + b`; `'linear'` drops the bias (differences, sketches); `'magnitude'` is `|W| x` (radii);
 * `'squared'` is `(W∘W) x` (variances of an l2 ball), `'outwardSquared'` the same and never too small where squares underflow;
 * an `outward` map bounds sizes in float32 (`outward-map.ts`).
 */
import type { Layer, LayerOf } from '../../2-graph/layer.ts';
import type { AffineKind, Pair } from '../../3-dual/dual.ts';
import { found } from '../../shared/assert.ts';
import { floorOfSizes, roundedUp } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Dim } from '../dim.ts';
import type { ConvGeometry } from '../tensor-program.ts';
import { originOf, stack } from './lowering.ts';
import type { OutwardMap } from './outward-map.ts';

export type AffineMap = 'affine' | 'linear' | 'magnitude' | 'squared' | 'outwardSquared' | OutwardMap;
export type AffineLayer = LayerOf<AffineKind>;

interface AffineRule<Kind extends AffineKind> {
  readonly forward: (b: ProgramBuilder, layer: LayerOf<Kind>, x: ValueId, map: AffineMap) => ValueId;
  /** `ν ← Wᵀ ν`; `inputShape` is the layer's input, batch not included. */
  readonly transposed: (
    b: ProgramBuilder,
    layer: LayerOf<Kind>,
    dual: ValueId,
    inputShape: readonly number[],
  ) => ValueId;
}

export const isAffine = (layer: Layer): layer is AffineLayer => layer.kind in affineRules;

export function kernelOf(
  b: ProgramBuilder,
  layer: LayerOf<'conv2d' | 'dense'>,
  inputShape: readonly number[],
): ValueId {
  const input = found(inputShape.at(-1), `channels of the input of ${layer.id}`);
  const shape = layer.kind === 'conv2d' ? [...layer.kernelSize, input, layer.filters] : [input, layer.units];
  return b.source({ kind: 'param', name: `${layer.id}.weight`, shape });
}

const geometryOf = ({ strides, padding }: LayerOf<'conv2d'>): ConvGeometry => ({
  strides,
  padding: [padding.top, padding.bottom, padding.left, padding.right],
});

/** Added to squares of weights and to sums of them: more than what small ones lose when they are flushed to zero. */
const floorOfSquares = 2 ** -120;

function mapped(b: ProgramBuilder, kernel: ValueId, map: AffineMap): ValueId {
  switch (map) {
    case 'affine':
    case 'linear':
      return kernel;
    case 'magnitude':
      return b.within({ role: 'magnitudes' }, () => b.unary('abs', kernel));
    case 'squared':
      return b.unary('square', kernel);
    case 'outwardSquared':
      return b.binary('add', b.unary('square', kernel), b.constant(floorOfSquares));
    default:
      return b.within({ role: 'magnitudes' }, () => b.binary('add', b.unary('abs', kernel), b.constant(floorOfSizes)));
  }
}

/** `products`: how many are added up in one entry of the output. */
function biased(
  b: ProgramBuilder,
  layer: LayerOf<'conv2d' | 'dense'>,
  y: ValueId,
  map: AffineMap,
  products: number,
): ValueId {
  const bias = (): ValueId => b.source({ kind: 'param', name: `${layer.id}.bias`, shape: [layer.shape.at(-1) ?? 0] });
  if (map === 'affine') return layer.useBias ? b.binary('add', y, bias()) : y;
  if (map === 'outwardSquared') return b.binary('add', y, b.constant(roundedUp(products * floorOfSquares)));
  if (typeof map === 'string') return y;
  const floor = b.constant(roundedUp(products * map.floor));
  if (!layer.useBias) return b.binary('add', y, floor);
  const added = b.within({ role: 'bias' }, () =>
    b.binary('add', b.binary('mul', b.unary('abs', bias()), b.constant(roundedUp(map.biasShare))), floor),
  );
  return b.binary('add', y, added);
}

const leading = (b: ProgramBuilder, x: ValueId): Dim => found(b.shapeOf(x)[0], 'a leading dimension');

const reshaping = {
  forward: (b: ProgramBuilder, layer: Layer, x: ValueId): ValueId => b.reshape(x, stack(leading(b, x), layer.shape)),
  transposed: (b: ProgramBuilder, _layer: Layer, dual: ValueId, inputShape: readonly number[]): ValueId =>
    b.reshape(dual, stack(leading(b, dual), inputShape)),
};

const affineRules: { readonly [Kind in AffineKind]: AffineRule<Kind> } = {
  conv2d: {
    forward(b, layer, x, map) {
      const kernel = mapped(b, kernelOf(b, layer, b.shapeOf(x).slice(1) as number[]), map);
      const products = b
        .shapeOf(kernel)
        .slice(0, 3)
        .reduce<number>((product, dim) => product * Number(dim), 1);
      return biased(b, layer, b.append({ kind: 'conv2d', ...geometryOf(layer) }, [x, kernel]), map, products);
    },
    transposed(b, layer, dual, inputShape) {
      const [height = 0, width = 0] = inputShape;
      const op = { kind: 'transposedConv2d', inputSize: [height, width], ...geometryOf(layer) } as const;
      return b.append(op, [dual, kernelOf(b, layer, inputShape)]);
    },
  },
  dense: {
    forward(b, layer, x, map) {
      const kernel = mapped(b, kernelOf(b, layer, b.shapeOf(x).slice(1) as number[]), map);
      return biased(b, layer, b.matMul(x, kernel), map, Number(b.shapeOf(kernel)[0]));
    },
    transposed: (b, layer, dual, inputShape) => b.matMul(dual, kernelOf(b, layer, inputShape), { b: true }),
  },
  flatten: reshaping,
  reshape: reshaping,
  normalize: {
    forward(b, layer, x, map) {
      const vector = (values: readonly number[]): ValueId => b.source({ kind: 'vector', values });
      const scales = layer.std.map(std => 1 / std);
      switch (map) {
        case 'affine':
          return b.binary('mul', b.binary('sub', x, vector(layer.mean)), vector(scales));
        case 'linear':
        case 'magnitude':
          return b.binary('mul', x, vector(scales));
        case 'squared':
          return b.binary('mul', x, vector(scales.map(scale => scale * scale)));
        case 'outwardSquared':
          return b.binary('mul', x, vector(scales.map(scale => roundedUp(Math.max(scale * scale, floorOfSquares)))));
        default: {
          const shift = vector(layer.mean.map(mean => roundedUp(map.biasShare * Math.abs(mean) + map.floor)));
          const scaled = b.binary('mul', b.binary('add', x, shift), vector(scales.map(roundedUp)));
          return b.binary('add', scaled, b.constant(map.floor));
        }
      }
    },
    transposed: (b, layer, dual) =>
      b.binary('mul', dual, b.source({ kind: 'vector', values: layer.std.map(std => 1 / std) })),
  },
};

export function applyLayer(b: ProgramBuilder, layer: AffineLayer, x: ValueId, map: AffineMap, role: string): ValueId {
  const rule = affineRules[layer.kind] as AffineRule<AffineKind>;
  return b.within(originOf(layer, role), () => rule.forward(b, layer, x, map));
}

export function applyTransposed(
  b: ProgramBuilder,
  layer: AffineLayer,
  dual: ValueId,
  inputShape: readonly number[],
): ValueId {
  const rule = affineRules[layer.kind] as AffineRule<AffineKind>;
  return b.within(originOf(layer, 'dual'), () => rule.transposed(b, layer, dual, inputShape));
}

/** The transposed map on a window of the layer's output: the window of its input, `size`, padding not taken off. */
export function windowTransposed(
  b: ProgramBuilder,
  layer: AffineLayer,
  dual: ValueId,
  window: Pair,
  inputShape: readonly number[],
): { readonly value: ValueId; readonly size: Pair } {
  if (layer.kind !== 'conv2d') return { value: applyTransposed(b, layer, dual, inputShape), size: window };
  const { strides, kernelSize } = layer;
  const size: Pair = [(window[0] - 1) * strides[0] + kernelSize[0], (window[1] - 1) * strides[1] + kernelSize[1]];
  const op = { kind: 'transposedConv2d', inputSize: size, strides, padding: [0, 0, 0, 0] } as const;
  const value = b.within(originOf(layer, 'dual'), () => b.append(op, [dual, kernelOf(b, layer, inputShape)]));
  return { value, size };
}

/**
 * An affine layer as a map on tensors with any leading dimension `n`, forward and transposed.
 * `map: 'affine'` is `W x + b`; `'linear'` drops the bias (differences, sketches); `'magnitude'` is `|W| x` (radii);
 * `'squared'` is `(W∘W) x` (variances of an l2 ball).
 */
import type { Layer, LayerOf } from '../../2-graph/layer.ts';
import type { AffineKind, Pair } from '../../3-dual/dual.ts';
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { Dim } from '../dim.ts';
import type { ConvGeometry } from '../tensor-program.ts';
import { originOf, stack } from './lowering.ts';

export type AffineMap = 'affine' | 'linear' | 'magnitude' | 'squared';
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

function mapped(b: ProgramBuilder, kernel: ValueId, map: AffineMap): ValueId {
  if (map === 'magnitude') return b.unary('abs', kernel);
  return map === 'squared' ? b.unary('square', kernel) : kernel;
}

function biased(b: ProgramBuilder, layer: LayerOf<'conv2d' | 'dense'>, y: ValueId, map: AffineMap): ValueId {
  if (map !== 'affine' || !layer.useBias) return y;
  const size = layer.kind === 'conv2d' ? layer.filters : layer.units;
  return b.binary('add', y, b.source({ kind: 'param', name: `${layer.id}.bias`, shape: [size] }));
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
      return biased(b, layer, b.append({ kind: 'conv2d', ...geometryOf(layer) }, [x, kernel]), map);
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
      return biased(b, layer, b.matMul(x, kernel), map);
    },
    transposed: (b, layer, dual, inputShape) => b.matMul(dual, kernelOf(b, layer, inputShape), { b: true }),
  },
  flatten: reshaping,
  reshape: reshaping,
  normalize: {
    forward(b, layer, x, map) {
      const centred = map === 'affine' ? b.binary('sub', x, b.source({ kind: 'vector', values: layer.mean })) : x;
      const scales = layer.std.map(std => (map === 'squared' ? 1 / (std * std) : 1 / std));
      return b.binary('mul', centred, b.source({ kind: 'vector', values: scales }));
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

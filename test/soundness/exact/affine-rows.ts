/** What an affine layer adds up for each of its outputs, from the meaning of the layer: which inputs, by which weights, and which bias. */
import type { Layer, LayerOf } from '../../../compiler/2-graph/layer.ts';
import { assertNever } from '../../../compiler/shared/assert.ts';

export interface AffineRow {
  /** Entries of the layer's input, in the order of its memory. */
  readonly from: readonly number[];
  /** Places in the layer's list of weights. */
  readonly weight: readonly number[];
  /** Place in the list of biases. */
  readonly bias: number;
}

/** One row for each output; null for layers that have no weights. */
export function affineRows(layer: Layer, inputShape: readonly number[]): readonly AffineRow[] | null {
  switch (layer.kind) {
    case 'dense':
      return denseRows(inputShape[0]!, layer.units);
    case 'conv2d':
      return convRows(layer, inputShape);
    case 'input':
    case 'relu':
    case 'leakyRelu':
    case 'flatten':
    case 'reshape':
    case 'add':
    case 'concat':
    case 'averagePool2d':
    case 'normalize':
      return null;
    default:
      return assertNever(layer);
  }
}

/** Weights lie as `[inputs, units]`. */
function denseRows(inputs: number, units: number): AffineRow[] {
  const from = Array.from({ length: inputs }, (_, i) => i);
  return Array.from({ length: units }, (_, unit) => ({ from, weight: from.map(i => i * units + unit), bias: unit }));
}

/** Weights lie as `[height, width, channels, filters]`, maps as `[height, width, channels]`. */
function convRows(
  { shape, filters, kernelSize, strides, padding }: LayerOf<'conv2d'>,
  inputShape: readonly number[],
): AffineRow[] {
  const [height = 0, width = 0, channels = 0] = inputShape;
  const [rows = 0, columns = 0] = shape;
  return Array.from({ length: rows * columns * filters }, (_, output) => {
    const filter = output % filters;
    const top = Math.floor(output / filters / columns) * strides[0] - padding.top;
    const left = (Math.floor(output / filters) % columns) * strides[1] - padding.left;
    const from: number[] = [];
    const weight: number[] = [];
    for (let y = 0; y < kernelSize[0]; y++)
      for (let x = 0; x < kernelSize[1]; x++) {
        const isInside = top + y >= 0 && top + y < height && left + x >= 0 && left + x < width;
        for (let channel = 0; isInside && channel < channels; channel++) {
          from.push(((top + y) * width + left + x) * channels + channel);
          weight.push(((y * kernelSize[1] + x) * channels + channel) * filters + filter);
        }
      }
    return { from, weight, bias: filter };
  });
}

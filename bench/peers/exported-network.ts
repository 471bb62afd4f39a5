/** A network as the peers read it: a chain of layers, in PyTorch's words. */
import type { Layer, LayerGraph } from '../../compiler/2-graph/layer.ts';

export type ExportedLayer =
  | { readonly kind: 'relu' | 'flatten' }
  | { readonly kind: 'dense'; readonly name: string }
  | {
      readonly kind: 'conv2d';
      readonly name: string;
      readonly strides: readonly number[];
      /** Above and below, left and right. */
      readonly padding: readonly [number, number];
    };

/** Raises when it is no chain of layers that all peers know, or a map is padded more on one side. */
export function exportedLayers({ layers, input, source }: LayerGraph): ExportedLayer[] {
  let last = input;
  return layers
    .filter(({ id }) => id !== input)
    .map(layer => {
      if (layer.inputs.length !== 1 || layer.inputs[0] !== last)
        throw new Error(`${source}: ${layer.id} makes it no chain of layers, which is all that the peers are given`);
      last = layer.id;
      return exported(layer, source);
    });
}

function exported(layer: Layer, source: string): ExportedLayer {
  switch (layer.kind) {
    case 'relu':
    case 'flatten':
      return { kind: layer.kind };
    case 'dense':
      return { kind: 'dense', name: layer.id };
    case 'conv2d': {
      const { top, bottom, left, right } = layer.padding;
      if (top !== bottom || left !== right) throw new Error(`${source}: ${layer.id} is padded more on one side`);
      return { kind: 'conv2d', name: layer.id, strides: layer.strides, padding: [top, left] };
    }
    default:
      throw new Error(`${source}: the peers are not given a ${layer.kind} (${layer.id})`);
  }
}

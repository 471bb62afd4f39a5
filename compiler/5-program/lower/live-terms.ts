/**
 * How many products of a layer's sums are not 0 for certain. Where the upper bound of a ReLU's input is not above 0, its output is
 * exactly 0, in the network and in the centre alike: the product is 0, adding it rounds nothing, and the sum is one term shorter.
 */
import type { Layer } from '../../2-graph/layer.ts';
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import { batch } from '../dim.ts';
import { inputOf, type Lowering, layerOf, originOf, stack } from './lowering.ts';

/** `[batch, 1]` behind a dense layer, `[batch, height, width, 1]` behind a convolution; null where nothing is known. */
export function liveTerms(lowering: Lowering, layer: Layer): ValueId | null {
  if (layer.kind !== 'dense' && layer.kind !== 'conv2d') return null;
  const b = lowering.builder;
  const live = liveEntries(lowering, layerOf(lowering, inputOf(layer)));
  if (live === null) return null;
  return b.within(originOf(layer, 'live terms'), () => {
    if (layer.kind === 'dense') return b.sum(live, [1], true);
    const ones = b.append({ kind: 'broadcast', shape: [...layer.kernelSize, 1, 1] }, [b.constant(1)]);
    const { strides, padding } = layer;
    const { top, bottom, left, right } = padding;
    const inChannels = b.sum(live, [3], true);
    return b.append({ kind: 'conv2d', strides, padding: [top, bottom, left, right] }, [inChannels, ones]);
  });
}

/** 1 where an entry may be above 0, 0 where it is 0: `[batch, …layer]`. */
function liveEntries(lowering: Lowering, layer: Layer): ValueId | null {
  const b = lowering.builder;
  switch (layer.kind) {
    case 'relu': {
      const bound = found(lowering.dual.boundOfNonlinearity.get(layer.id), `bound of ${layer.id}`);
      const { upper } = found(lowering.bounds.get(bound), `bounds of ${layer.id}`);
      return b.within(originOf(layer, 'live'), () => b.unary('step', upper));
    }
    case 'flatten':
    case 'reshape': {
      const entries = liveEntries(lowering, layerOf(lowering, inputOf(layer)));
      return entries === null ? null : b.reshape(entries, stack(batch, layer.shape));
    }
    case 'input':
    case 'conv2d':
    case 'dense':
    case 'add':
    case 'normalize':
      return null;
  }
}

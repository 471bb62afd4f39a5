/**
 * The part of each layer that one position of a bounded map depends on. Position `(i, j)` of the map reads rows
 * `i·stride + offset … + size − 1` of an earlier map, likewise columns. Backward through a convolution with stride `s`,
 * kernel `k` and padding `t` before: `stride ← stride·s`, `offset ← offset·s − t`, `size ← (size − 1)·s + k`.
 * Where branches meet, the window is the smallest that holds both.
 */
import type { Layer } from '../2-graph/layer.ts';
import { definitionOf } from '../layers/registry.ts';
import { found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import type { Bound, Pair, WindowView } from './dual.ts';
import { targetsOf } from './step-targets.ts';

/** By layer, what arrives there after all branches have met; null when a layer on the way is no map, or strides differ between branches. */
export function receptiveFields(
  layers: ReadonlyMap<LayerId, Layer>,
  bound: Pick<Bound, 'of' | 'walk'>,
): ReadonlyMap<LayerId, WindowView> | null {
  const views = new Map<LayerId, WindowView>([[bound.of, { strides: [1, 1], offset: [0, 0], size: [1, 1] }]]);
  for (const step of bound.walk) {
    const layer = found(layers.get(step.of), step.of);
    const sent = viewBehind(layer, found(views.get(step.of), `window of ${step.of}`));
    if (sent === null) return null;
    for (const target of targetsOf(step)) {
      const merged = mergeViews(views.get(target), sent);
      if (merged === null) return null;
      views.set(target, merged);
    }
  }
  return views;
}

/**
 * The window of a layer's input that a window of its output reads: the same object for a layer that keeps windows as they are, null where the
 * output is no map, or none whose positions are those of the input.
 */
export function viewBehind(layer: Layer, view: WindowView): WindowView | null {
  if (layer.shape.length !== 3) return null;
  const definition = definitionOf(layer.kind);
  if (definition.role !== 'affine') return view;
  const window = definition.window?.(layer) ?? null;
  if (window === null) return null;
  const { strides, kernelSize, before } = window;
  if ([...strides, ...kernelSize].every(size => size === 1) && before.every(size => size === 0)) return view;
  const along = (change: (axis: 0 | 1) => number): Pair => [change(0), change(1)];
  return {
    strides: along(axis => view.strides[axis] * strides[axis]),
    offset: along(axis => view.offset[axis] * strides[axis] - before[axis]),
    size: along(axis => (view.size[axis] - 1) * strides[axis] + kernelSize[axis]),
  };
}

function mergeViews(known: WindowView | undefined, sent: WindowView): WindowView | null {
  if (known === undefined) return sent;
  if (known.strides[0] !== sent.strides[0] || known.strides[1] !== sent.strides[1]) return null;
  const first = (axis: 0 | 1): number => Math.min(known.offset[axis], sent.offset[axis]);
  const end = (axis: 0 | 1): number =>
    Math.max(known.offset[axis] + known.size[axis], sent.offset[axis] + sent.size[axis]);
  return {
    strides: known.strides,
    offset: [first(0), first(1)],
    size: [end(0) - first(0), end(1) - first(1)],
  };
}

/** What each strategy costs on the shapes of one network: multiply-adds and bytes per example. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { Bound, DualNetwork, DualStep } from '../3-dual/dual.ts';
import { found } from '../shared/assert.ts';
import { sizeOf } from '../shared/shape.ts';
import type { Cost } from './plan.ts';

const bytesPerNumber = 4;
/** Tensors of a dual's size alive at once in a backward step: before, after, and the absolute value. */
const tensorsPerStep = 3;

export interface CostModel {
  readonly closedForm: (bound: Bound) => Cost;
  readonly backward: (bound: Bound, chunk: number) => Cost;
  readonly patches: (bound: Bound, positions: number) => Cost;
  readonly interval: (bound: Bound) => Cost;
  readonly sketch: (bound: Bound, projections: number) => Cost;
}

/** `examples` share what does not depend on an example: rows that have met weights only. */
export function costModel(dual: DualNetwork, examples: number): CostModel {
  const layers = new Map(dual.graph.layers.map(layer => [layer.id, layer]));
  const layerAt = (step: DualStep): Layer => found(layers.get(step.of), step.of);
  const macsOfWalk = (steps: readonly DualStep[]): number =>
    steps.reduce((sum, step) => sum + (step.kind === 'transpose' ? macsOf(layerAt(step), dual.graph) : 0), 0);
  const largest = (steps: readonly DualStep[]): number =>
    Math.max(1, ...steps.map(step => sizeOf(layerAt(step).shape)));
  const ownRows = (bound: Bound): readonly DualStep[] =>
    bound.rows === 'margins' ? bound.walk : bound.walk.slice(firstBand(bound.walk));
  const segment = (bound: Bound): readonly DualStep[] => bound.walk.slice(0, firstBand(bound.walk));
  return {
    closedForm: bound => ({ macs: macsOfWalk(bound.walk), bytesPerExample: 2 * bytesPerNumber * bound.rowCount }),
    backward(bound, chunk) {
      const own = ownRows(bound);
      const shared = macsOfWalk(bound.walk) - macsOfWalk(own);
      return {
        macs: bound.rowCount * (macsOfWalk(own) + shared / examples),
        bytesPerExample: tensorsPerStep * bytesPerNumber * chunk * largest(own.length > 0 ? own : bound.walk),
      };
    },
    patches: (bound, positions) => patchCost(bound, layers, positions),
    interval: bound => ({
      macs: 2 * macsOfWalk(segment(bound)),
      bytesPerExample: 4 * bytesPerNumber * largest(bound.walk),
    }),
    sketch: (bound, projections) => ({
      macs: projections * macsOfWalk(segment(bound)),
      bytesPerExample: tensorsPerStep * bytesPerNumber * projections * largest(bound.walk),
    }),
  };
}

/** Rows live on their receptive fields: a transposed convolution costs the window it starts from times the kernel. */
function patchCost(bound: Bound, layers: ReadonlyMap<string, Layer>, positions: number): Cost {
  const { fields } = bound;
  if (fields === null) return { macs: Number.POSITIVE_INFINITY, bytesPerExample: Number.POSITIVE_INFINITY };
  let macsPerRow = 0;
  let widest = 1;
  for (const step of bound.walk.slice(firstBand(bound.walk))) {
    const layer = found(layers.get(step.of), step.of);
    const [rows, columns] = found(fields.get(step.of), `window of ${step.of}`).size;
    const entries = rows * columns * (layer.shape.at(-1) ?? 1);
    widest = Math.max(widest, entries);
    if (layer.kind !== 'conv2d') continue;
    const channels = found(layers.get(found(layer.inputs[0], 'an input')), 'an input').shape.at(-1) ?? 1;
    macsPerRow += entries * layer.kernelSize[0] * layer.kernelSize[1] * channels;
  }
  const channels = found(layers.get(bound.of), bound.of).shape.at(-1) ?? 1;
  return {
    macs: bound.rowCount * macsPerRow,
    bytesPerExample: tensorsPerStep * bytesPerNumber * positions * channels * widest,
  };
}

const firstBand = (walk: readonly DualStep[]): number => {
  const index = walk.findIndex(step => step.kind === 'band');
  return index < 0 ? walk.length : index;
};

/** Multiply-adds of a layer applied to one example; its transpose costs the same. */
export function macsOf(layer: Layer, graph: LayerGraph): number {
  const input = graph.layers.find(other => other.id === layer.inputs[0]);
  if (layer.kind === 'dense') return sizeOf(found(input, 'an input').shape) * layer.units;
  if (layer.kind !== 'conv2d') return 0;
  const [kernelHeight, kernelWidth] = layer.kernelSize;
  return sizeOf(layer.shape) * kernelHeight * kernelWidth * (found(input, 'an input').shape.at(-1) ?? 0);
}

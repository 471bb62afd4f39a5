/** What each strategy costs on the shapes of one network: multiply-adds and bytes per example. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { Bound, DualNetwork, DualStep } from '../3-dual/dual.ts';
import { found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';
import type { Cost } from './plan.ts';

const bytesPerNumber = 4;
/** Tensors of a dual's size alive at once in a backward step: before, after, and the absolute value. */
const tensorsPerStep = 3;

export interface CostModel {
  readonly closedForm: (bound: Bound) => Cost;
  readonly backward: (bound: Bound, chunk: number) => Cost;
  readonly interval: (bound: Bound) => Cost;
  readonly sketch: (bound: Bound, projections: number) => Cost;
}

export function costModel(dual: DualNetwork): CostModel {
  const layers = new Map(dual.graph.layers.map(layer => [layer.id, layer]));
  const layerAt = (step: DualStep): Layer => found(layers.get(step.of), step.of);
  const macsOfWalk = (steps: readonly DualStep[]): number =>
    steps.reduce((sum, step) => sum + (step.kind === 'transpose' ? macsOf(layerAt(step), dual.graph) : 0), 0);
  const largest = (steps: readonly DualStep[]): number =>
    Math.max(0, ...steps.map(step => sizeOf(layerAt(step).shape)));
  return {
    closedForm: bound => ({ macs: macsOfWalk(bound.walk), bytesPerExample: 2 * bytesPerNumber * bound.rowCount }),
    backward(bound, chunk) {
      const perExample = afterFirstBand(bound.walk);
      const widest = largest(bound.rows === 'margins' ? bound.walk : perExample);
      return {
        macs: bound.rowCount * macsOfWalk(bound.rows === 'margins' ? bound.walk : perExample),
        bytesPerExample: tensorsPerStep * bytesPerNumber * chunk * widest,
      };
    },
    interval(bound) {
      const segment = bound.walk.slice(0, firstBand(bound.walk));
      return { macs: 2 * macsOfWalk(segment), bytesPerExample: 4 * bytesPerNumber * largest(bound.walk) };
    },
    sketch(bound, projections) {
      const segment = bound.walk.slice(0, firstBand(bound.walk));
      return {
        macs: projections * macsOfWalk(segment),
        bytesPerExample: tensorsPerStep * bytesPerNumber * projections * largest(bound.walk),
      };
    },
  };
}

const firstBand = (walk: readonly DualStep[]): number => {
  const index = walk.findIndex(step => step.kind === 'band');
  return index < 0 ? walk.length : index;
};

/** From the first band on every example has its own dual; before it, all share one. */
const afterFirstBand = (walk: readonly DualStep[]): readonly DualStep[] => walk.slice(firstBand(walk));

/** Multiply-adds of a layer applied to one example; its transpose costs the same. */
export function macsOf(layer: Layer, graph: LayerGraph): number {
  const inputShape = (id: LayerId | undefined) =>
    found(
      graph.layers.find(other => other.id === id),
      `input of ${layer.id}`,
    ).shape;
  if (layer.kind === 'dense') return sizeOf(inputShape(layer.inputs[0])) * layer.units;
  if (layer.kind !== 'conv2d') return 0;
  const [kernelHeight, kernelWidth] = layer.kernelSize;
  return sizeOf(layer.shape) * kernelHeight * kernelWidth * (inputShape(layer.inputs[0]).at(-1) ?? 0);
}

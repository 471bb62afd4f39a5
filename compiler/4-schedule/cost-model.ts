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
  readonly patches: (bound: Bound, positions: number) => Cost;
  readonly interval: (bound: Bound) => Cost;
  readonly sketch: (bound: Bound, projections: number) => Cost;
}

/**
 * Counts what layers cost, forward for the centre and backward for rows; norms and bands, a few numbers for each number of a
 * row, are left out. `examples` share what does not depend on an example: rows that have met weights only.
 */
export function costModel(dual: DualNetwork, examples: number): CostModel {
  const layers = new Map(dual.graph.layers.map(layer => [layer.id, layer]));
  const layerAt = (id: LayerId): Layer => found(layers.get(id), id);
  const macsOfAll = (ids: readonly LayerId[]): number =>
    ids.reduce((sum, id) => sum + macsOf(layerAt(id), dual.graph), 0);
  const largest = (steps: readonly DualStep[]): number =>
    Math.max(1, ...steps.map(step => sizeOf(layerAt(step.of).shape)));
  /** The centre, or the radius of an interval, from the nearest nonlinearities on. */
  const forward = (bound: Bound): number => macsOfAll(splitWalk(bound).near);
  return {
    closedForm(bound) {
      const radius = macsOfAll(splitWalk(bound).near);
      const sharers = dual.graph.ball.norm === 'l2' ? examples : 1;
      return { macs: forward(bound) + radius / sharers, bytesPerExample: 2 * bytesPerNumber * bound.rowCount };
    },
    backward(bound, chunk) {
      const { shared, own, untouched } = splitWalk(bound);
      // Identity rows that meet a dense layer become its weights: nothing is multiplied.
      const multiplied = shared.filter(id => !untouched.has(id) || layerAt(id).kind !== 'dense');
      const perRow =
        bound.rows === 'margins' ? macsOfAll([...shared, ...own]) : macsOfAll(own) + macsOfAll(multiplied) / examples;
      const kept = bound.rows === 'margins' ? bound.walk : afterFirstBand(bound.walk);
      return {
        macs: forward(bound) + bound.rowCount * perRow,
        bytesPerExample: tensorsPerStep * bytesPerNumber * chunk * largest(kept.length > 0 ? kept : bound.walk),
      };
    },
    patches(bound, positions) {
      const cost = patchCost(bound, layers, positions, examples);
      return { ...cost, macs: forward(bound) + cost.macs };
    },
    interval: bound => ({
      // The margins are no interval: their rows walk to the nearest nonlinearities.
      macs: (bound.rows === 'margins' ? 1 + bound.rowCount : 2) * forward(bound),
      bytesPerExample: 4 * bytesPerNumber * largest(bound.walk),
    }),
    // The first sketched bound of a plan also pays for carrying the sketch to where the others began.
    sketch(bound, projections) {
      // Beside the Cauchy sketch of the bands an l2 ball needs a normal one of its own.
      const sketches = dual.graph.ball.norm === 'l2' && bound.needs.length > 0 ? 2 : 1;
      return {
        macs: (1 + sketches * projections) * forward(bound),
        bytesPerExample: tensorsPerStep * bytesPerNumber * sketches * projections * largest(bound.walk),
      };
    },
  };
}

interface SplitWalk {
  /** Layers between the bound and the nearest nonlinearities. */
  readonly near: readonly LayerId[];
  /** Layers whose transpose meets rows that have not passed a band on any path: all examples have the same. */
  readonly shared: readonly LayerId[];
  /** Layers whose transpose meets the rows of each example. */
  readonly own: readonly LayerId[];
  /** Layers that the rows reach as they began, through copies only. */
  readonly untouched: ReadonlySet<LayerId>;
}

function splitWalk(bound: Bound): SplitWalk {
  const near = new Set<LayerId>([bound.of]);
  const own = new Set<LayerId>();
  const untouched = new Set<LayerId>([bound.of]);
  const met: LayerId[] = [];
  for (const step of bound.walk) {
    if (step.kind === 'transpose') met.push(step.of);
    if (step.kind === 'band') own.add(step.to);
    if (step.kind === 'sum') untouched.delete(step.of);
    if (step.kind !== 'transpose' && step.kind !== 'copy') continue;
    for (const to of step.kind === 'copy' ? step.to : [step.to]) {
      if (near.has(step.of)) near.add(to);
      if (own.has(step.of)) own.add(to);
      if (step.kind === 'copy' && untouched.has(step.of)) untouched.add(to);
    }
  }
  return {
    near: met.filter(id => near.has(id)),
    shared: met.filter(id => !own.has(id)),
    own: met.filter(id => own.has(id)),
    untouched,
  };
}

/** Rows live on their receptive fields: a transposed convolution costs the window it starts from times the kernel. */
function patchCost(bound: Bound, layers: ReadonlyMap<LayerId, Layer>, positions: number, examples: number): Cost {
  const { fields } = bound;
  if (fields === null) return { macs: Number.POSITIVE_INFINITY, bytesPerExample: Number.POSITIVE_INFINITY };
  const entriesAt = (id: LayerId): number => {
    const [rows, columns] = found(fields.get(id), `window of ${id}`).size;
    return rows * columns * (found(layers.get(id), id).shape.at(-1) ?? 1);
  };
  const macsPerRow = (ids: readonly LayerId[]): number =>
    ids.reduce((sum, id) => {
      const layer = found(layers.get(id), id);
      if (layer.kind !== 'conv2d') return sum;
      const channels = found(layers.get(found(layer.inputs[0], 'an input')), 'an input').shape.at(-1) ?? 1;
      return sum + entriesAt(id) * layer.kernelSize[0] * layer.kernelSize[1] * channels;
    }, 0);
  const { shared, own } = splitWalk(bound);
  const channels = found(layers.get(bound.of), bound.of).shape.at(-1) ?? 1;
  const chunks = bound.rowCount / channels / positions;
  const widest = Math.max(1, ...afterFirstBand(bound.walk).map(step => entriesAt(step.of)));
  return {
    // Shared rows are those of one position, made anew in every chunk.
    macs: bound.rowCount * macsPerRow(own) + (chunks * channels * macsPerRow(shared)) / examples,
    bytesPerExample: tensorsPerStep * bytesPerNumber * positions * channels * widest,
  };
}

function afterFirstBand(walk: readonly DualStep[]): readonly DualStep[] {
  const index = walk.findIndex(step => step.kind === 'band');
  return index < 0 ? [] : walk.slice(index);
}

/** Multiply-adds of a layer applied to one example; its transpose costs the same. */
export function macsOf(layer: Layer, graph: LayerGraph): number {
  const input = graph.layers.find(other => other.id === layer.inputs[0]);
  if (layer.kind === 'dense') return sizeOf(found(input, 'an input').shape) * layer.units;
  if (layer.kind !== 'conv2d') return 0;
  const [kernelHeight, kernelWidth] = layer.kernelSize;
  return sizeOf(layer.shape) * kernelHeight * kernelWidth * (found(input, 'an input').shape.at(-1) ?? 0);
}

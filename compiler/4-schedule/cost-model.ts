/** What each strategy costs on the shapes of one network: multiply-adds and bytes per example. */
import type { Layer } from '../2-graph/layer.ts';
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import type { Cost, RelaxationKind } from './plan.ts';
import { splitSteps, walkTotals } from './walk-totals.ts';

const bytesPerNumber = 4;
/** Tensors of a dual's size alive at once in a backward step: before, after, and the absolute value. */
const tensorsPerStep = 3;

export interface CostModel {
  readonly closedForm: (bound: Bound) => Cost;
  readonly backward: (bound: Bound, chunk: number, relaxation: RelaxationKind) => Cost;
  readonly patches: (bound: Bound, positions: number, relaxation: RelaxationKind) => Cost;
  readonly interval: (bound: Bound) => Cost;
  readonly sketch: (bound: Bound, projections: number) => Cost;
}

/**
 * Counts what layers cost, forward for the centre and backward for rows; norms and bands, a few numbers for each number of a
 * row, are left out. `examples` share what does not depend on an example: rows that have met weights only.
 */
export function costModel(dual: DualNetwork, examples: number): CostModel {
  const totalsOf = walkTotals(dual);
  /** The centre, or the radius of an interval, from the nearest nonlinearities on. */
  const forward = (bound: Bound): number => totalsOf(bound.walk).near;
  return {
    closedForm(bound) {
      const sharers = dual.graph.ball.norm === 'l2' ? examples : 1;
      const radius = forward(bound) / sharers;
      return { macs: forward(bound) + radius, bytesPerExample: 2 * bytesPerNumber * bound.rowCount };
    },
    backward(bound, chunk, relaxation) {
      const { shared, multiplied, own, largest, largestBanded } = totalsOf(bound.walk);
      const isMargins = bound.rows === 'margins';
      const perRow = isMargins ? shared + own : own + multiplied / examples;
      const widest = isMargins || largestBanded === 0 ? largest : largestBanded;
      return {
        macs: forward(bound) + walksOf(bound, relaxation) * bound.rowCount * perRow,
        bytesPerExample: tensorsPerStep * bytesPerNumber * chunk * widest,
      };
    },
    patches(bound, positions, relaxation) {
      const cost = patchCost(bound, dual.layers, positions, examples);
      return { ...cost, macs: forward(bound) + walksOf(bound, relaxation) * cost.macs };
    },
    interval: bound => ({
      // The margins are no interval: their rows walk to the nearest nonlinearities.
      macs: (bound.rows === 'margins' ? 1 + bound.rowCount : 2) * forward(bound),
      bytesPerExample: 4 * bytesPerNumber * totalsOf(bound.walk).largest,
    }),
    // The first sketched bound of a plan also pays for carrying the sketch to where the others began.
    sketch(bound, projections) {
      const { near, largest, largestBanded } = totalsOf(bound.walk);
      // Beside the Cauchy sketch of the bands an l2 ball needs a normal one of its own.
      const sketches = dual.graph.ball.norm === 'l2' && largestBanded > 0 ? 2 : 1;
      return {
        macs: (1 + sketches * projections) * near,
        bytesPerExample: tensorsPerStep * bytesPerNumber * sketches * projections * largest,
      };
    },
  };
}

/** Lines of two slopes need a walk for each side of a bound; the margins have one side. */
const walksOf = (bound: Bound, relaxation: RelaxationKind): number =>
  relaxation === 'crown' && bound.rows === 'identity' ? 2 : 1;

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
  const steps = [...bound.walk];
  const { shared, own } = splitSteps(steps);
  const channels = found(layers.get(bound.of), bound.of).shape.at(-1) ?? 1;
  const chunks = bound.rowCount / channels / positions;
  const firstBand = steps.findIndex(step => step.kind === 'relax');
  const banded = firstBand < 0 ? [] : steps.slice(firstBand);
  const widest = banded.reduce((most, step) => Math.max(most, entriesAt(step.of)), 1);
  return {
    // Shared rows are those of one position, made anew in every chunk.
    macs: bound.rowCount * macsPerRow(own) + (chunks * channels * macsPerRow(shared)) / examples,
    bytesPerExample: tensorsPerStep * bytesPerNumber * positions * channels * widest,
  };
}

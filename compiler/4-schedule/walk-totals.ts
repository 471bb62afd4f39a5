/** What rows meet on the walk from a layer back to the input, in sums. Walks share their rest, and so do the sums. */
import type { Layer } from '../2-graph/layer.ts';
import type { DualNetwork, DualStep, Walk } from '../3-dual/dual.ts';
import { definitionOf } from '../layers/registry.ts';
import { found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';

/** Multiply-adds of one row, or of one example forward, through layers of the walk; entries of its largest layers. */
export interface WalkTotals {
  /** Of layers between the start and the nearest nonlinearities. */
  readonly near: number;
  /** Of layers whose transpose meets rows that have not passed a band on any path: all examples have the same. */
  readonly shared: number;
  /** Of those, without dense layers that meet identity rows: these become the weights, nothing is multiplied. */
  readonly multiplied: number;
  /** Of layers whose transpose meets the rows of each example. */
  readonly own: number;
  readonly largest: number;
  /** From the first band on; 0 without a band. */
  readonly largestBanded: number;
}

const atInput: WalkTotals = { near: 0, shared: 0, multiplied: 0, own: 0, largest: 1, largestBanded: 0 };

/** Totals of walks of one network. Each part of a walk is counted once, whatever the number of walks that end in it. */
export function walkTotals(dual: DualNetwork): (walk: Walk) => WalkTotals {
  const known = new Map<Walk, WalkTotals>();
  return walk => {
    const unknown: Walk[] = [];
    let part: Walk | null = walk;
    for (; part !== null && !known.has(part); part = part.rest) unknown.push(part);
    let totals = part === null ? atInput : found(known.get(part), 'totals');
    for (const each of unknown.toReversed()) {
      totals = totalsBefore(totals, each, dual.layers);
      known.set(each, totals);
    }
    return totals;
  };
}

function totalsBefore(behind: WalkTotals, { steps, rest }: Walk, layers: ReadonlyMap<LayerId, Layer>): WalkTotals {
  const layerAt = (id: LayerId): Layer => found(layers.get(id), id);
  const macs = (ids: readonly LayerId[]): number => ids.reduce((sum, id) => sum + macsOf(layerAt(id), layers), 0);
  const largest = (some: readonly DualStep[]): number =>
    some.reduce((most, step) => Math.max(most, sizeOf(layerAt(step.of).shape)), 0);
  const { near, shared, own, reached } = splitSteps(steps);
  const multiplied = shared.filter(id => !reached.untouched.has(id) || layerAt(id).kind !== 'dense');
  const meeting = rest?.steps[0]?.of;
  const meets = (layersOf: ReadonlySet<LayerId>): boolean => meeting !== undefined && layersOf.has(meeting);
  const firstBand = steps.findIndex(step => step.kind === 'relax');
  const sharedBehind = meets(reached.own) ? 0 : behind.shared;
  const multipliedBehind = meets(reached.untouched) ? behind.multiplied : behind.shared;
  return {
    near: macs(near) + (meets(reached.near) ? behind.near : 0),
    shared: macs(shared) + sharedBehind,
    multiplied: macs(multiplied) + (meets(reached.own) ? 0 : multipliedBehind),
    own: macs(own) + behind.own + (behind.shared - sharedBehind),
    largest: Math.max(largest(steps), behind.largest),
    largestBanded: firstBand < 0 ? behind.largestBanded : Math.max(largest(steps.slice(firstBand)), behind.largest),
  };
}

export interface SplitSteps {
  /** Layers that are passed, in order: forward from the nearest nonlinearities; by rows shared by all examples; by those of each. */
  readonly near: readonly LayerId[];
  readonly shared: readonly LayerId[];
  readonly own: readonly LayerId[];
  /** All layers that these reach, and those that the rows reach as they began, through copies only. */
  readonly reached: {
    readonly near: ReadonlySet<LayerId>;
    readonly own: ReadonlySet<LayerId>;
    readonly untouched: ReadonlySet<LayerId>;
  };
}

/** Rows start at the layer of the first step. */
export function splitSteps(steps: readonly DualStep[]): SplitSteps {
  const start = steps.slice(0, 1).map(step => step.of);
  const near = new Set<LayerId>(start);
  const own = new Set<LayerId>();
  const untouched = new Set<LayerId>(start);
  const met: LayerId[] = [];
  for (const step of steps) {
    if (step.kind === 'transpose') met.push(step.of);
    if (step.kind === 'relax') own.add(step.to);
    if (step.kind === 'sum') untouched.delete(step.of);
    if (step.kind !== 'transpose' && step.kind !== 'copy' && step.kind !== 'cut') continue;
    for (const to of step.kind === 'transpose' ? [step.to] : step.to) {
      if (near.has(step.of)) near.add(to);
      if (own.has(step.of)) own.add(to);
      if (step.kind === 'copy' && untouched.has(step.of)) untouched.add(to);
    }
  }
  return {
    near: met.filter(id => near.has(id)),
    shared: met.filter(id => !own.has(id)),
    own: met.filter(id => own.has(id)),
    reached: { near, own, untouched },
  };
}

/** Multiply-adds of a layer applied to one example; its transpose costs the same. */
export function macsOf(layer: Layer, layers: ReadonlyMap<LayerId, Layer>): number {
  const definition = definitionOf(layer.kind);
  if (definition.role !== 'affine') return 0;
  return definition.macs(layer, found(layers.get(found(layer.inputs[0], 'an input')), 'an input').shape);
}

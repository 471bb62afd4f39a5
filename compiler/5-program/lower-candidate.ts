/**
 * One bound by one strategy, by itself: the program that says what a candidate of the schedule costs. What earlier bounds have found
 * (bounds and relaxations, and centres, sizes, intervals and sketches of every layer on their way) is given, whether or not the plan
 * will have computed it by then: so that one candidate is the work of one bound, and a choice does not depend on the others.
 */

import { hasRole } from '../2-graph/roles.ts';
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import {
  type Arithmetic,
  isSketch,
  type RelaxationKind,
  relaxationsMet,
  type SingleStrategy,
} from '../4-schedule/plan.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { LayerId, ValueId } from '../shared/ids.ts';
import { createBuilder, type ProgramBuilder } from './builder.ts';
import { batch, type ProgramShape, timesDim } from './dim.ts';
import {
  type BallValues,
  type CentreKind,
  type Lowering,
  layerOf,
  type SketchValues,
  stack,
  startLowering,
} from './lower/lowering.ts';
import { madeWhenRead } from './lower/made-when-read.ts';
import { lowerBound } from './lower-bound.ts';
import type { Relaxation } from './relaxation/relaxation.ts';
import { lowerMarginRows } from './strategies/margins.ts';
import type { TensorProgram } from './tensor-program.ts';

export type LowerCandidate = (bound: Bound, strategy: SingleStrategy) => TensorProgram;

/** What is the same for every candidate is worked out once. */
export function candidateLowering(dual: DualNetwork, arithmetic: Arithmetic): LowerCandidate {
  const blank = startLowering(createBuilder(), dual, arithmetic);
  const rank = new Map(dual.bounds.map(({ name }, index) => [name, index]));
  const firstReader = firstReaders(dual);
  const relaxed = behindNonlinearities(dual);
  return (bound, strategy) => {
    const builder = createBuilder();
    const own = found(rank.get(bound.name), bound.name);
    const lowering = withGiven(blank, builder, {
      strategy,
      isFirst: own === 0,
      isComputed: layer => (firstReader.get(layer) ?? own) < own,
      isBounded: name => (rank.get(name) ?? own) < own,
      isRelaxed: layer => relaxed.has(layer),
    });
    if (bound.rows === 'margins') {
      const margins = builder.within({ section: 'margins', layer: null, role: 'margins', span: null }, () =>
        lowerMarginRows(lowering, bound, strategy),
      );
      return builder.finish('candidate', { margins });
    }
    const kinds = new Set(relaxationsMet(strategy));
    lowerBound(lowering, bound, strategy, kinds);
    const { lower, upper } = found(lowering.bounds.get(bound.name), `bounds of ${bound.name}`);
    const read = [...kinds].flatMap(kind =>
      (lowering.readers.get(bound.name) ?? []).flatMap(reader => lowering.relaxations[kind].get(reader) ?? []),
    );
    const values = [lower, upper, ...read.flatMap(valuesOf), lowering.float32?.underflow ?? []].flat();
    return builder.finish('candidate', Object.fromEntries(values.map((value, index) => [`${index}`, value])));
  };
}

/** For every layer the first bound whose walk comes by. */
function firstReaders({ bounds, layers }: DualNetwork): Map<LayerId, number> {
  const first = new Map<LayerId, number>();
  for (const [index, { of }] of bounds.entries()) {
    const waiting = [of];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (first.has(next)) continue;
      first.set(next, index);
      waiting.push(...found(layers.get(next), next).inputs);
    }
  }
  return first;
}

/** Layers that some nonlinearity lies before, themselves included. */
function behindNonlinearities({ graph }: DualNetwork): Set<LayerId> {
  const behind = new Set<LayerId>();
  for (const layer of graph.layers)
    if (hasRole(layer, 'nonlinearity') || layer.inputs.some(input => behind.has(input))) behind.add(layer.id);
  return behind;
}

/** The input and the nonlinearities that lie before a layer, itself included. */
function deviatingBefore(layer: LayerId, { graph, layers }: DualNetwork): LayerId[] {
  const seen = new Set([layer]);
  for (const id of seen) for (const input of found(layers.get(id), id).inputs) seen.add(input);
  return graph.layers
    .filter(each => seen.has(each.id) && (hasRole(each, 'input') || hasRole(each, 'nonlinearity')))
    .map(({ id }) => id);
}

interface Given {
  readonly strategy: SingleStrategy;
  readonly isFirst: boolean;
  readonly isComputed: (layer: LayerId) => boolean;
  readonly isBounded: (bound: string) => boolean;
  readonly isRelaxed: (layer: LayerId) => boolean;
}

function withGiven(blank: Lowering, b: ProgramBuilder, given: Given): Lowering {
  const { dual, readers, float32 } = blank;
  const value = (what: string, shape: ProgramShape): ValueId =>
    b.source({ kind: 'param', name: `given ${what}`, shape });
  const shapeOf = (layer: LayerId): ProgramShape => stack(batch, layerOf(blank, layer).shape);
  const computed = <T>(make: (layer: LayerId) => T): Map<LayerId, T> =>
    madeWhenRead(layer => (given.isComputed(layer) ? make(layer) : undefined));
  const around = (what: string, shape: ProgramShape): BallValues => ({
    centre: value(`${what} centre`, shape),
    radius: value(`${what} radius`, shape),
  });
  const charged = new Set<ValueId>();
  const sizesOf = (kind: CentreKind): Map<LayerId, ValueId> =>
    computed(layer => {
      const size = value(`${kind} size ${layer}`, shapeOf(layer));
      charged.add(size);
      return size;
    });
  const centresOf = (kind: CentreKind): Map<LayerId, ValueId> =>
    computed(layer => value(`${kind} centre ${layer}`, shapeOf(layer)));
  const k = isSketch(given.strategy) ? given.strategy.projections : 0;
  const { input, ball } = dual.graph;
  return {
    ...blank,
    builder: b,
    ball: ball.norm === 'linf' ? around('ball', shapeOf(input)) : l2Ball(b, shapeOf(input)),
    bounds: madeWhenRead(name => {
      const [reader] = readers.get(name) ?? [];
      if (reader === undefined || !given.isBounded(name)) return undefined;
      const shape = shapeOf(reader);
      return { lower: value(`${name} lower`, shape), upper: value(`${name} upper`, shape) };
    }),
    relaxations: {
      band: relaxationsGiven('band'),
      crown: relaxationsGiven('crown'),
    },
    centres: { band: centresOf('band'), crown: centresOf('crown') },
    intervals: computed(layer => around(`interval ${layer}`, shapeOf(layer))),
    sketches: computed(layer => sketchOf(layer)),
    sizes: { band: sizesOf('band'), crown: sizesOf('crown'), interval: sizesOf('interval') },
    float32:
      float32 === null
        ? null
        : { ...float32, underflow: given.isFirst ? null : value('underflow', [batch]), radii: [], charged },
  };

  function relaxationsGiven(kind: RelaxationKind): Map<LayerId, Relaxation> {
    return madeWhenRead(layer => {
      const bound = dual.boundOfNonlinearity.get(layer);
      if (bound === undefined || !given.isBounded(bound)) return undefined;
      const part = (what: string): ValueId => value(`${kind} ${what} ${layer}`, shapeOf(layer));
      switch (kind) {
        case 'band':
          return { form: 'band', slope: part('slope'), offset: part('offset'), radius: part('radius') };
        case 'crown':
          return {
            form: 'twoLines',
            lowerSlope: part('lower slope'),
            upperSlope: part('upper slope'),
            radius: part('radius'),
            centre: part('centre'),
          };
        default:
          return assertNever(kind);
      }
    });
  }

  /** Layers whose Cauchy draws have come to a layer: the ball's, unless it is of l2, and those of the bands before it; null for all together. */
  function sourcesBefore(layer: LayerId): readonly (LayerId | null)[] {
    if (ball.norm === 'l2' && !given.isRelaxed(layer)) return [];
    if (given.strategy.kind !== 'perLayerSketch') return [null];
    return deviatingBefore(layer, dual).filter(source => ball.norm === 'linf' || source !== input);
  }

  /** An l2 ball has normal draws beside the Cauchy draws of the bands, and both are of each example once there was a band. */
  function sketchOf(layer: LayerId): SketchValues {
    const { shape } = layerOf(blank, layer);
    const isRelaxed = given.isRelaxed(layer);
    const ofEach = stack(timesDim(batch, k), shape);
    return {
      cauchy: sourcesBefore(layer).map(of => ({ of, value: value(`cauchy ${of ?? ''} ${layer}`, ofEach) })),
      normal:
        ball.norm === 'linf'
          ? null
          : { value: value(`normal ${layer}`, isRelaxed ? ofEach : stack(k, shape)), perExample: isRelaxed },
    };
  }
}

const l2Ball = (b: ProgramBuilder, shape: ProgramShape): BallValues => ({
  centre: b.source({ kind: 'input', name: 'x', shape }),
  radius: b.source({ kind: 'input', name: 'epsilon', shape: [] }),
});

const valuesOf = (relaxation: Relaxation): ValueId[] =>
  relaxation.form === 'band'
    ? [relaxation.slope, relaxation.offset, relaxation.radius]
    : [relaxation.lowerSlope, relaxation.upperSlope, relaxation.radius, relaxation.centre];

/**
 * What soundness was checked of: kinds of layers × ways to compute a bound × balls. A cell counts the bounds whose computation went
 * through a layer of that kind in that way. Cells follow from the compiler's tables, so that a new kind of layer opens cells of its own.
 */
import type { Ball } from '../../compiler/2-graph/layer.ts';
import { hasRole } from '../../compiler/2-graph/roles.ts';
import type { Bound, DualNetwork } from '../../compiler/3-dual/dual.ts';
import type { Plan, RelaxationKind, SingleStrategy, StrategyKind } from '../../compiler/4-schedule/plan.ts';
import type { Role } from '../../compiler/layers/definition.ts';
import { definitionOf, layerKinds } from '../../compiler/layers/registry.ts';
import { assertNever, found } from '../../compiler/shared/assert.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';

export interface Cell {
  readonly kind: string;
  readonly way: string;
  readonly ball: string;
}

const rowsOf = {
  closedForm: 'meet no lines',
  interval: 'meet no lines',
  backward: 'meet lines',
  patches: 'meet lines',
  sparse: 'meet lines',
  // Estimates: nothing that has to hold.
  sketch: 'prove nothing',
  perLayerSketch: 'prove nothing',
  // Not with certainty.
  probable: 'prove nothing',
} as const satisfies { readonly [Kind in StrategyKind]: string };

const relaxations = Object.keys({ band: true, crown: true } satisfies { readonly [Kind in RelaxationKind]: true });

const best = 'the better of several';

/** Strategies, where rows meet lines with each relaxation. */
export const ways: readonly string[] = [
  ...Object.entries(rowsOf).flatMap(([kind, rows]) => {
    if (rows === 'prove nothing') return [];
    return rows === 'meet lines' ? relaxations.map(relaxation => `${kind}/${relaxation}`) : [kind];
  }),
  best,
];

export const balls = ['linf', 'linf in a box', 'l2'] as const;

export const ballName = (ball: Ball): (typeof balls)[number] =>
  ball.norm === 'linf' && ball.box !== null ? 'linf in a box' : ball.norm;

/** Every cell, of kinds that are registered now. */
export const allCells = (): Cell[] =>
  layerKinds().flatMap(kind => ways.flatMap(way => balls.map(ball => ({ kind, way, ball }))));

export const nameOf = ({ kind, way, ball }: Cell): string => `${kind} | ${way} | ${ball}`;

const noClosedForm: { readonly [Each in Role]: string | null } = {
  input: null,
  affine: null,
  nonlinearity: 'a closed form ends at a nonlinearity',
  sum: 'a closed form has one path from the input',
  concat: 'a closed form has one path from the input',
};

/** Patches walk on maps. A kind that has windows is never among them. */
const leavesMaps: Readonly<Record<string, string>> = {
  dense: 'its output is a vector',
  flatten: 'its output is a vector',
  reshape: 'positions of its output are not those of its input',
};

/** Why there can be no bound of that kind, or null when there can: then there has to be one. */
export function whyImpossible({ kind, way }: Cell): string | null {
  if (way === 'closedForm') return noClosedForm[definitionOf(kind).role];
  return way.startsWith('patches') ? (leavesMaps[kind] ?? null) : null;
}

export interface Gaps {
  /** Cells that can be filled and are not. */
  readonly empty: readonly string[];
  /** Cells that are filled although it was said that they cannot be. */
  readonly unexpected: readonly string[];
}

export function gapsIn(coverage: Readonly<Record<string, number>>): Gaps {
  const isFilled = (cell: Cell): boolean => (coverage[nameOf(cell)] ?? 0) > 0;
  const cells = allCells();
  return {
    empty: cells.filter(cell => whyImpossible(cell) === null && !isFilled(cell)).map(nameOf),
    unexpected: cells.filter(cell => whyImpossible(cell) !== null && isFilled(cell)).map(nameOf),
  };
}

/** The cells that the bounds of a plan belong to, one for each bound and kind. */
export function cellsOf(dual: DualNetwork, plan: Plan): Cell[] {
  const ball = ballName(dual.graph.ball);
  return plan.choices.flatMap(({ bound: name, strategy }) => {
    const bound = found(
      dual.bounds.find(each => each.name === name),
      name,
    );
    const cells = (single: SingleStrategy, way: string | null): Cell[] =>
      way === null ? [] : kindsOn(dual, bound, single).map(kind => ({ kind, way, ball }));
    if (strategy.kind !== 'best') return cells(strategy, wayOf(bound, strategy));
    const parts = strategy.of.flatMap(single => cells(single, wayOf(bound, single)));
    const kinds = new Set(parts.map(({ kind }) => kind));
    return [...parts, ...[...kinds].map(kind => ({ kind, way: best, ball }))];
  });
}

/** Null where rows meet no nonlinearity on their way: they would be the same through any relaxation. */
function wayOf(bound: Bound, strategy: SingleStrategy): string | null {
  switch (strategy.kind) {
    case 'closedForm':
    case 'interval':
      return strategy.kind;
    case 'backward':
    case 'patches':
      return [...bound.walk].some(step => step.kind === 'relax') ? `${strategy.kind}/${strategy.relaxation}` : null;
    case 'sparse':
      return `sparse/${strategy.rows.relaxation}`;
    case 'sketch':
    case 'perLayerSketch':
    case 'probable':
      throw new Error('a sketch proves nothing with certainty');
    default:
      return assertNever(strategy);
  }
}

/** Kinds of the layers that the bound is computed through, each once. */
function kindsOn({ layers }: DualNetwork, bound: Bound, strategy: SingleStrategy): string[] {
  const ids = new Set<LayerId>(strategy.kind === 'interval' ? [bound.of] : [...bound.walk].map(({ of }) => of));
  const ends = [...ids].map(id => found(layers.get(id), id));
  if (strategy.kind === 'interval')
    // No further than the nearest nonlinearities.
    for (let next = ends.pop(); next !== undefined; next = ends.pop()) {
      if (hasRole(next, 'nonlinearity')) continue;
      for (const id of next.inputs)
        if (!ids.has(id)) {
          ids.add(id);
          ends.push(found(layers.get(id), id));
        }
    }
  return [...new Set([...ids].map(id => found(layers.get(id), id).kind))];
}

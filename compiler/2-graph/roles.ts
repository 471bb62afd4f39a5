/**
 * What a layer is to the stages behind the graph: its role. They switch on roles, and look up what they need to know of a kind in a
 * table that has a row for every kind of the role.
 */
import type { Layer, LayerKind, LayerOf } from './layer.ts';

export type Role =
  /** The ball around the example. */
  | 'input'
  /** `W x + b`; reversed: `Wᵀ ν`. */
  | 'affine'
  /** One number at a time, between the lines of its relaxation. */
  | 'nonlinearity'
  /** Operands of one shape, added up; reversed: copied. */
  | 'sum'
  /** Operands side by side on the last axis; reversed: cut apart. */
  | 'concat';

const roles = {
  input: 'input',
  conv2d: 'affine',
  dense: 'affine',
  relu: 'nonlinearity',
  flatten: 'affine',
  reshape: 'affine',
  add: 'sum',
  normalize: 'affine',
} as const satisfies Record<LayerKind, Role>;

type Roles = typeof roles;
/** The kinds of one role. */
export type KindOf<R extends Role> = { [Kind in LayerKind]: Roles[Kind] extends R ? Kind : never }[LayerKind];
export type LayerIn<R extends Role> = LayerOf<KindOf<R>>;
export type AffineLayer = LayerIn<'affine'>;
export type NonlinearityLayer = LayerIn<'nonlinearity'>;

export const roleOf = (layer: Layer): Role => roles[layer.kind];

export function hasRole<R extends Role>(layer: Layer, role: R): layer is LayerIn<R> {
  return roles[layer.kind] === role;
}

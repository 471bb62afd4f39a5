/**
 * What a layer is to the stages behind the graph: its role. They switch on roles, and look up what they need to know of a kind in its
 * definition, or in a table that has a row for every kind of the role.
 */
import type { Role } from '../layers/definition.ts';
import { definitionOf, type KindOf } from '../layers/registry.ts';
import type { Layer, LayerOf } from './layer.ts';

export type { Role } from '../layers/definition.ts';
export type { KindOf } from '../layers/registry.ts';
export type LayerIn<R extends Role> = LayerOf<KindOf<R>>;
export type AffineLayer = LayerIn<'affine'>;
export type NonlinearityLayer = LayerIn<'nonlinearity'>;

export const roleOf = (layer: Layer): Role => definitionOf(layer.kind).role;

export function hasRole<R extends Role>(layer: Layer, role: R): layer is LayerIn<R> {
  return roleOf(layer) === role;
}

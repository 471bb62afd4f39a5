/** Layers that give the same numbers in the same order another shape. */
import type { AffineLayer } from '../../2-graph/roles.ts';
import { found } from '../../shared/assert.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { AffineRule } from './affine-rule.ts';

const shaped = (b: ProgramBuilder, x: ValueId, shape: Shape): ValueId =>
  b.reshape(x, [found(b.shapeOf(x)[0], 'a leading dimension'), ...shape]);

export const reordering = <L extends AffineLayer>(): AffineRule<L> => ({
  forward: (b, layer, x) => shaped(b, x, layer.shape),
  transposed: (b, _layer, dual, inputShape) => shaped(b, dual, inputShape),
  transposedOnWindow: null,
  rows: null,
  liveProducts: null,
});

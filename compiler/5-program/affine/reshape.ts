import type { LayerOf } from '../../2-graph/layer.ts';
import type { AffineRule } from './affine-rule.ts';
import { reordering } from './reordering.ts';

export const reshape: AffineRule<LayerOf<'reshape'>> = reordering();

import type { LayerOf } from '../../2-graph/layer.ts';
import type { NonlinearityRule } from './nonlinearity-rule.ts';
import { bandOfRamp, crownOfRamp } from './ramp.ts';

export const relu: NonlinearityRule<LayerOf<'relu'>> = {
  value: (b, _layer, z) => b.unary('relu', z),
  image: (b, _layer, { lower, upper }) => ({
    least: b.within({ role: 'least' }, () => b.unary('relu', lower)),
    greatest: b.within({ role: 'greatest' }, () => b.unary('relu', upper)),
  }),
  magnitude: (b, _layer, { upper }) => b.unary('relu', upper),
  live: (b, _layer, { upper }) => b.unary('step', upper),
  slopes: 'nonnegative',
  steepest: 1,
  lines: {
    band: (b, _layer, bounds, exactness) => bandOfRamp(b, { below: 0, bounds, exactness }),
    crown: (b, _layer, bounds, exactness) => crownOfRamp(b, { below: 0, bounds, exactness }),
  },
};

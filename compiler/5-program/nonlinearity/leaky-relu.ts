import type { LayerOf } from '../../2-graph/layer.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { NonlinearityRule } from './nonlinearity-rule.ts';
import { bandOfRamp, crownOfRamp } from './ramp.ts';

type Layer = LayerOf<'leakyRelu'>;

/** A slope of at most 1: the larger of the two lines is the function. Where they are one line, neither would have a gradient. */
const value = (b: ProgramBuilder, { negativeSlope }: Layer, z: ValueId): ValueId =>
  negativeSlope === 1 ? z : b.binary('maximum', z, b.binary('mul', z, b.constant(negativeSlope)));

export const leakyRelu: NonlinearityRule<Layer> = {
  value,
  image: (b, layer, { lower, upper }) => ({
    least: b.within({ role: 'least' }, () => value(b, layer, lower)),
    greatest: b.within({ role: 'greatest' }, () => value(b, layer, upper)),
  }),
  magnitude: (b, layer, { lower, upper }) =>
    b.binary('maximum', b.unary('abs', value(b, layer, lower)), b.unary('abs', value(b, layer, upper))),
  live: null,
  slopes: 'nonnegative',
  steepest: 1,
  lines: {
    band: (b, { negativeSlope: below }, bounds, exactness) => bandOfRamp(b, { below, bounds, exactness }),
    crown: (b, { negativeSlope: below }, bounds, exactness) => crownOfRamp(b, { below, bounds, exactness }),
  },
};

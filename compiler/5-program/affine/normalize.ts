import type { LayerOf } from '../../2-graph/layer.ts';
import { roundedUp } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { AffineRule } from './affine-rule.ts';
import { floorOfSquares } from './kernel.ts';

type Layer = LayerOf<'normalize'>;

const scalesOf = ({ std }: Layer): readonly number[] => std.map(each => 1 / each);
/** A number where all channels have the same. */
const vector = (b: ProgramBuilder, values: readonly number[]): ValueId => {
  const [first = 0] = values;
  return values.every(value => value === first) ? b.constant(first) : b.source({ kind: 'vector', values });
};
const scaled = (b: ProgramBuilder, layer: Layer, x: ValueId): ValueId => b.binary('mul', x, vector(b, scalesOf(layer)));

export const normalize: AffineRule<Layer> = {
  forward(b, layer, x, map) {
    const scales = scalesOf(layer);
    if (typeof map === 'object') {
      const shift = vector(
        b,
        layer.mean.map(mean => roundedUp(map.biasShare * Math.abs(mean) + map.floor)),
      );
      const sum = b.binary('mul', b.binary('add', x, shift), vector(b, scales.map(roundedUp)));
      return b.binary('add', sum, b.constant(map.floor));
    }
    switch (map) {
      case 'affine':
        return scaled(b, layer, b.binary('sub', x, vector(b, layer.mean)));
      case 'linear':
      case 'magnitude':
        return scaled(b, layer, x);
      case 'squared':
        return b.binary(
          'mul',
          x,
          vector(
            b,
            scales.map(scale => scale * scale),
          ),
        );
      case 'outwardSquared':
        return b.binary(
          'mul',
          x,
          vector(
            b,
            scales.map(scale => roundedUp(Math.max(scale * scale, floorOfSquares))),
          ),
        );
    }
  },
  transposed: scaled,
  transposedOnWindow: scaled,
  rows: null,
  liveProducts: null,
};

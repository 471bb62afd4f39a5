/** The centre of every layer: one forward pass, `c ← W c + b`, `c ← slope·c + offset`, and a sum at an `add`. */
import type { Layer } from '../../2-graph/layer.ts';
import { assertNever, found } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { applyLayer } from './apply-layer.ts';
import { throughBand } from './band.ts';
import { bandOf, inputOf, type Lowering, originOf, valueAt } from './lowering.ts';

/** Computed when first asked for, in the section that asks. */
export function centreOf(lowering: Lowering, id: LayerId): ValueId {
  return valueAt(
    lowering,
    id,
    lowering.centres,
    layer => layer.inputs,
    layer => lowerCentre(lowering, layer),
  );
}

function lowerCentre(lowering: Lowering, layer: Layer): ValueId {
  const b = lowering.builder;
  switch (layer.kind) {
    case 'input':
      return found(lowering.centres.get(layer.id), 'the centre of the ball');
    case 'relu': {
      const centre = centreOf(lowering, inputOf(layer));
      return b.within(originOf(layer, 'centre'), () => throughBand(b, centre, bandOf(lowering, layer)));
    }
    case 'add': {
      const centres = layer.inputs.map(input => centreOf(lowering, input));
      return b.within(originOf(layer, 'centre'), () => addAll(b, centres));
    }
    case 'conv2d':
    case 'dense':
    case 'flatten':
    case 'reshape':
    case 'normalize':
      return applyLayer(b, layer, centreOf(lowering, inputOf(layer)), 'affine', 'centre');
    default:
      return assertNever(layer);
  }
}

export const addAll = (b: ProgramBuilder, values: readonly ValueId[]): ValueId =>
  values.reduce((sum, value) => b.binary('add', sum, value));

/** Kernels and biases of layers with weights, under each map. */
import { floorOfSizes, roundedUp } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { AffineMap } from './affine-map.ts';

/** Added to squares of weights and to sums of them: more than what small ones lose when they are flushed to zero. */
export const floorOfSquares: number = 2 ** -120;

export const kernelOf = (b: ProgramBuilder, layer: { readonly id: string }, shape: Shape): ValueId =>
  b.source({ kind: 'param', name: `${layer.id}.weight`, shape });

/** The kernel as the map has it. */
export function mappedKernel(b: ProgramBuilder, kernel: ValueId, map: AffineMap): ValueId {
  if (typeof map === 'object')
    return b.within({ role: 'magnitudes' }, () => b.append({ kind: 'magnitudes', floor: floorOfSizes }, [kernel]));
  switch (map) {
    case 'affine':
    case 'linear':
      return kernel;
    case 'magnitude':
      return b.within({ role: 'magnitudes' }, () => b.append({ kind: 'magnitudes', floor: 0 }, [kernel]));
    case 'squared':
      return b.unary('square', kernel);
    case 'outwardSquared':
      return b.binary('add', b.unary('square', kernel), b.constant(floorOfSquares));
  }
}

interface Biased {
  readonly id: string;
  readonly shape: Shape;
  readonly useBias: boolean;
}

/** What the map adds to sums of so many products `y`: the bias, its size, or what flushing may have cost. */
export function biased(b: ProgramBuilder, layer: Biased, y: ValueId, map: AffineMap, products: number): ValueId {
  const bias = (): ValueId => b.source({ kind: 'param', name: `${layer.id}.bias`, shape: [layer.shape.at(-1) ?? 0] });
  if (typeof map === 'object') {
    const floor = b.constant(roundedUp(products * map.floor));
    if (!layer.useBias) return b.binary('add', y, floor);
    const added = b.within({ role: 'bias' }, () =>
      b.binary('add', b.binary('mul', b.unary('abs', bias()), b.constant(roundedUp(map.biasShare))), floor),
    );
    return b.binary('add', y, added);
  }
  switch (map) {
    case 'affine':
      return layer.useBias ? b.binary('add', y, bias()) : y;
    case 'linear':
    case 'magnitude':
    case 'squared':
      return y;
    case 'outwardSquared':
      return b.binary('add', y, b.constant(roundedUp(products * floorOfSquares)));
  }
}

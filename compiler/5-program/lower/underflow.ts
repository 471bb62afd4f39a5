/**
 * One number for each example that every bound is widened by: what flushing to zero may cost all products of a walk that no size
 * covers. It is also how values that are not finite are kept from being forgotten: it adds up every size and every half width so
 * far, and what is infinite or not a number stays so in a sum, while a maximum may drop it.
 */
import { invariant } from '../../shared/assert.ts';
import { gamma, leastNormal, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import { batch, type ProgramShape } from '../dim.ts';
import type { CentreKind, Float32Lowering, Lowering } from './lowering.ts';

/** For each entry of a size, beside what the duals of its readers lose; generous. */
const flushesPerEntry = 32;

/**
 * What flushing may cost, `[batch]`, all layers counted whose size has been computed so far. A dual that is off by `2nη` for `n` flushed
 * terms meets a deviation of at most the size; a norm of `n` products is off by `2nη`, and by η times its weights.
 */
export function underflowOf(lowering: Lowering, float32: Float32Lowering, around: CentreKind): ValueId {
  const b = lowering.builder;
  return b.within({ role: 'underflow' }, () => {
    const fresh = [...lowering.sizes[around]].filter(([, size]) => !float32.charged.has(size));
    const sums = fresh.map(([id, size]) => {
      float32.charged.add(size);
      // A sum of the network's may be formed in an order in which it is larger: where that overflows, this has to.
      const inAnyOrder = b.binary(
        'mul',
        size,
        b.constant(roundedUp((1 + float32.shareOf(id).slack) * (1 + 4 * unitRoundoff))),
      );
      return charge(lowering, inAnyOrder, leastNormal * (flushesPerEntry + 2 * float32.flushesOfReaders(id)));
    });
    const parts = float32.underflow === null ? sums : [float32.underflow, ...sums];
    const [first, ...rest] = parts;
    invariant(first !== undefined, 'a bound without a size');
    float32.underflow = rest.reduce((sum, part) => b.binary('add', sum, part), first);
    return float32.underflow;
  });
}

/** Notes a half width: what is not finite about it stays known, and later norms are weighted with it. */
export function chargeHalfWidth(lowering: Lowering, float32: Float32Lowering, halfWidth: ValueId): void {
  const b = lowering.builder;
  float32.underflow = b.within({ role: 'underflow' }, () => {
    const sum = charge(lowering, halfWidth, leastNormal * flushesPerEntry);
    return float32.underflow === null ? sum : b.binary('add', float32.underflow, sum);
  });
}

/**
 * Notes the radii of intervals behind layers that add up. Nothing else tells that such a sum may overflow on the way, in the network or in
 * the centre: the size `|W|(|c| + ρ)` of all that is added up is not computed. But a radius is at least `2γ_1 = 2⁻²³` of it,
 * so that where it overflows, this product does.
 */
export function chargeRadii(lowering: Lowering, float32: Float32Lowering): void {
  const b = lowering.builder;
  float32.underflow = b.within({ role: 'underflow' }, () => {
    const sums = float32.radii
      .splice(0)
      .map(radius => charge(lowering, b.binary('mul', radius, b.constant(2 / gamma(1))), leastNormal));
    return sums.reduce<ValueId | null>(
      (sum, part) => (sum === null ? part : b.binary('add', sum, part)),
      float32.underflow,
    );
  });
}

/** `rate · (entries + Σ values)` for each example, `[batch]`: no less than any share of it that is wanted, even where it flushes. */
function charge({ builder: b }: Lowering, values: ValueId, rate: number): ValueId {
  const entries = b
    .shapeOf(values)
    .slice(1)
    .reduce<number>((product, dim) => product * Number(dim), 1);
  const sum = b.sum(b.reshape(values, [batch, entries]), [1]);
  return b.binary('mul', b.binary('add', sum, b.constant(entries)), b.constant(roundedUp(2 * rate)));
}

/** `[batch]` as `[batch, 1, …]`, to be added to `[batch, …layer]`. */
export function perExample({ builder: b }: Lowering, value: ValueId, like: ProgramShape): ValueId {
  return b.reshape(value, [batch, ...like.slice(1).map(() => 1)]);
}

/**
 * One number for each example that every bound is widened by: what flushing to zero may cost all products of a walk that no size
 * covers. It is also how values that are not finite are kept from being forgotten: it adds up every size and every half width so
 * far, and what is infinite or not a number stays so in a sum, while a maximum may drop it.
 */
import { found } from '../../shared/assert.ts';
import { gamma, leastNormal, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import { batch, type ProgramShape } from '../dim.ts';
import { type CentreKind, type Float32Lowering, type Lowering, layerOf, originOf } from './lowering.ts';

/** For each entry of a size, beside what the duals of its readers lose; generous. */
const flushesPerEntry = 32;

/**
 * What flushing may cost, `[batch]`, all layers counted whose size has been computed so far. A dual that is off by `2nη` for `n` flushed
 * terms meets a deviation of at most the size; a norm of `n` products is off by `2nη`, and by η times its weights. Where two weights are
 * multiplied before the slope between them (`slopeMapNorms`), which is at most `steepest`: 1, each of the terms has flushed once more: `3nη`.
 */
export function underflowOf(lowering: Lowering, float32: Float32Lowering, around: CentreKind): ValueId {
  const b = lowering.builder;
  for (const [id, size] of lowering.sizes[around]) {
    if (float32.charged.has(size)) continue;
    float32.charged.add(size);
    const flushes = flushesPerEntry + 3 * float32.flushesOfReaders(id);
    // A sum of the network's may be formed in an order in which it is larger: where that overflows, this has to.
    const larger = roundedUp((1 + float32.shareOf(id).slack) * (1 + 4 * unitRoundoff));
    b.within({ ...originOf(layerOf(lowering, id), 'underflow'), part: `underflow of ${id}` }, () => {
      const inAnyOrder = b.binary('mul', size, b.constant(larger));
      add(lowering, float32, charge(lowering, inAnyOrder, leastNormal * flushes));
    });
  }
  return found(float32.underflow ?? undefined, 'a size before the first bound');
}

function add({ builder: b }: Lowering, float32: Float32Lowering, part: ValueId): void {
  float32.underflow = float32.underflow === null ? part : b.binary('add', float32.underflow, part);
}

/** Notes a half width: what is not finite about it stays known, and later norms are weighted with it. */
export function chargeHalfWidth(lowering: Lowering, float32: Float32Lowering, halfWidth: ValueId): void {
  const b = lowering.builder;
  b.within({ role: 'underflow' }, () =>
    add(lowering, float32, charge(lowering, halfWidth, leastNormal * flushesPerEntry)),
  );
}

/**
 * Notes the radii of intervals behind layers that add up. Nothing else tells that such a sum may overflow on the way, in the network or in
 * the centre: the size `|W|(|c| + ρ)` of all that is added up is not computed. But a radius is at least `2γ_1 = 2⁻²³` of it,
 * so that where it overflows, this product does.
 */
export function chargeRadii(lowering: Lowering, float32: Float32Lowering): void {
  const b = lowering.builder;
  b.within({ role: 'underflow' }, () => {
    for (const radius of float32.radii.splice(0))
      add(lowering, float32, charge(lowering, b.binary('mul', radius, b.constant(2 / gamma(1))), leastNormal));
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

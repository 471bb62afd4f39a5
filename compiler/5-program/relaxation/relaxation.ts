/**
 * The relaxation of a nonlinearity in centre form: what rows meet there on their way back, and the centre behind it.
 *
 * Let `c` be the centre before the nonlinearity, and `lower(z) ≤ σ(z) ≤ upper(z)` its two lines on the bounds of its input. With
 * `c⁺ = (lower(c) + upper(c))/2` and `radius = (upper(c) − lower(c))/2`, for a row `ν` behind the nonlinearity and every `z` in the bounds
 *
 *     ν·(σ(z) − c⁺) ≥ ν₊·(lower(z) − c⁺) + ν₋·(upper(z) − c⁺) = (s_lower·ν₊ + s_upper·ν₋)·(z − c) − radius·|ν|,
 *
 * because `lower(z) = s_lower·(z − c) + lower(c)`, and so for `upper`; `ν₊ = max(ν, 0)`, `ν₋ = min(ν, 0)`. The walk goes on with
 * `s_lower·ν₊ + s_upper·ν₋` around `c`. A bound from above is that of `−ν`: the two slopes change places.
 *
 * In a band the slopes are equal. Then nothing depends on a sign: one walk gives both bounds, the radius does not depend on the
 * centre, and the walk is linear (the paper's dual layer). Two lines need a walk for each side; this is CROWN (Zhang et al. 2018,
 * Theorem 3.2) without its constants, which stand in the centre and the radius.
 */
import type { NonlinearityLayer } from '../../2-graph/roles.ts';
import type { RelaxationKind } from '../../4-schedule/plan.ts';
import { assertNever, found } from '../../shared/assert.ts';
import { floorOfRadii, floorOfSizes, gamma, roundedUp, unitRoundoff } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { nonlinearityRule } from '../nonlinearity/nonlinearity-rules.ts';
import type { BoundValues, Lines } from './lines.ts';

/** All `[batch, …layer]`. */
export type Relaxation =
  /** `σ(z) ∈ slope·z + offset ± radius`. */
  | { readonly form: 'band'; readonly slope: ValueId; readonly offset: ValueId; readonly radius: ValueId }
  /** In centre form; `centre` is `c⁺`. */
  | {
      readonly form: 'twoLines';
      readonly lowerSlope: ValueId;
      readonly upperSlope: ValueId;
      readonly radius: ValueId;
      readonly centre: ValueId;
    };

/** What rounding adds to a relaxation that a certificate uses. */
export interface OutwardTerms {
  /** What the walk owes at the nonlinearity's input, for each entry of the dual there: a share of its size (`outward.ts`). */
  readonly owed: ValueId;
  /** How often the value of the nonlinearity rounds in the network. */
  readonly roundings: number;
}

export interface RelaxationInput {
  readonly layer: NonlinearityLayer;
  readonly kind: RelaxationKind;
  readonly bounds: BoundValues;
  /** The centre before the nonlinearity, where the relaxation is one around it. */
  readonly centre: ValueId | null;
  /** Null where nothing is rounded outward. */
  readonly outward: OutwardTerms | null;
}

/** Whether lines are put in centre form; a band does not depend on the centre. */
export const isAroundCentre: { readonly [Kind in RelaxationKind]: boolean } = { band: false, crown: true };

export function relax(b: ProgramBuilder, input: RelaxationInput): Relaxation {
  const { layer, kind, bounds, outward } = input;
  const lines = nonlinearityRule(layer).lines[kind](b, layer, bounds, outward === null ? 'real' : 'outward');
  switch (kind) {
    case 'band':
      return outward === null ? bandOf(b, lines) : bandOutward(b, lines, input, outward);
    case 'crown':
      return outward === null ? centreForm(b, lines, input) : centreFormOutward(b, lines, input, outward);
    default:
      return assertNever(kind);
  }
}

/** The centre behind a nonlinearity. */
export function centreBehind(b: ProgramBuilder, relaxation: Relaxation, centre: ValueId): ValueId {
  if (relaxation.form === 'twoLines') return relaxation.centre;
  return b.binary('add', b.binary('mul', relaxation.slope, centre), relaxation.offset);
}

const half = (b: ProgramBuilder, value: ValueId): ValueId => b.binary('mul', value, b.constant(0.5));
const orZero = (b: ProgramBuilder, value: ValueId | null): ValueId => value ?? b.constant(0);

function bandOf(b: ProgramBuilder, { lower, upper }: Lines): Relaxation {
  const highest = orZero(b, upper.intercept);
  if (lower.intercept === null) {
    const radius = b.within({ role: 'band radius' }, () => half(b, highest));
    return { form: 'band', slope: upper.slope, offset: radius, radius };
  }
  const lowest = lower.intercept;
  const offset = b.within({ role: 'band offset' }, () => half(b, b.binary('add', highest, lowest)));
  const radius = b.within({ role: 'band radius' }, () => half(b, b.binary('sub', highest, lowest)));
  return { form: 'band', slope: upper.slope, offset, radius };
}

/**
 * The band that holds in float32, for the slope `s` as it was computed: its offset is any number near the middle, and the radius what
 * lies on either side of it, rounded up. On top comes what the walk owes at the nonlinearity's input times the slope, since the dual there
 * is `s·ν`; with it the roundings of `s·ν` itself and of the centre, `fl(s·c + offset)`, a few `u` of `s` times the size each.
 */
function bandOutward(b: ProgramBuilder, lines: Lines, input: RelaxationInput, outward: OutwardTerms): Relaxation {
  const { slope } = lines.upper;
  const highest = orZero(b, lines.upper.intercept);
  const lowest = lines.lower.intercept;
  if (lowest === null) {
    const offset = b.within({ role: 'band offset' }, () => half(b, highest));
    const radius = b.within({ role: 'band radius' }, () => {
      const floored = b.binary('add', highest, b.constant(floorOfRadii));
      const rounded = b.binary('mul', floored, b.constant(roundedUp(0.5 + 8 * unitRoundoff)));
      return withRoundings(b, rounded, slope, input, outward);
    });
    return { form: 'band', slope, offset, radius };
  }
  const offset = b.within({ role: 'band offset' }, () => half(b, b.binary('add', highest, lowest)));
  const radius = b.within({ role: 'band radius' }, () => {
    const reach = b.binary('maximum', b.binary('sub', highest, offset), b.binary('sub', offset, lowest));
    const sizes = b.binary('add', b.unary('abs', highest), b.unary('abs', lowest));
    return withRoundings(b, roundedReach(b, reach, sizes), slope, input, outward);
  });
  return { form: 'band', slope, offset, radius };
}

function centreForm(b: ProgramBuilder, lines: Lines, input: RelaxationInput): Relaxation {
  const { low, high } = endsAt(b, lines, found(input.centre ?? undefined, `centre before ${input.layer.id}`));
  const centre = b.within({ role: 'centre behind' }, () => half(b, b.binary('add', low, high)));
  const radius = b.within({ role: 'lines radius' }, () => half(b, b.binary('sub', high, low)));
  return { form: 'twoLines', lowerSlope: lines.lower.slope, upperSlope: lines.upper.slope, radius, centre };
}

/**
 * Two lines that hold in float32. The centre behind may be any number `c⁺`; the radius is what the lines take from there at the centre `c` as
 * it was computed, `max(c⁺ − lower(c), upper(c) − c⁺)`. Computed, each is off by a rounding of itself, by four of its intercept, and by
 * two of `s·c`, which the `8u` of the size in what is owed pay for, as they do for `s·ν`: of `s_lower·ν₊` and `s_upper·ν₋` one is 0, so
 * that their sum rounds nothing.
 */
function centreFormOutward(b: ProgramBuilder, lines: Lines, input: RelaxationInput, outward: OutwardTerms): Relaxation {
  const { low, high } = endsAt(b, lines, found(input.centre ?? undefined, `centre before ${input.layer.id}`));
  const centre = b.within({ role: 'centre behind' }, () => half(b, b.binary('add', low, high)));
  const slopes = [lines.lower.slope, lines.upper.slope].map(slope =>
    nonlinearityRule(input.layer).slopes === 'anySign' ? b.unary('abs', slope) : slope,
  );
  const steepest = b.within({ role: 'steepest slope' }, () =>
    slopes.reduce((steeper, slope) => b.binary('maximum', steeper, slope)),
  );
  const radius = b.within({ role: 'lines radius' }, () => {
    const reach = b.unary('relu', b.binary('maximum', b.binary('sub', centre, low), b.binary('sub', high, centre)));
    const intercepts = [lines.lower, lines.upper].flatMap(({ intercept }) =>
      intercept === null ? [] : [b.unary('abs', intercept)],
    );
    const sizes =
      intercepts.length === 0 ? b.constant(0) : intercepts.reduce((sum, size) => b.binary('add', sum, size));
    return withRoundings(b, roundedReach(b, reach, sizes), steepest, input, outward);
  });
  return { form: 'twoLines', lowerSlope: lines.lower.slope, upperSlope: lines.upper.slope, radius, centre };
}

/** Both lines at the centre. */
function endsAt(b: ProgramBuilder, lines: Lines, centre: ValueId): { readonly low: ValueId; readonly high: ValueId } {
  const at = ({ slope, intercept }: Lines['lower'], role: string): ValueId =>
    b.within({ role }, () => {
      const product = b.binary('mul', slope, centre);
      return intercept === null ? product : b.binary('add', product, intercept);
    });
  return { low: at(lines.lower, 'lower line'), high: at(lines.upper, 'upper line') };
}

/** A difference of computed numbers, and the roundings of those that it was made of. */
function roundedReach(b: ProgramBuilder, reach: ValueId, sizes: ValueId): ValueId {
  const own = b.binary('mul', reach, b.constant(1 + 8 * unitRoundoff));
  const ofSizes = b.binary('mul', b.binary('add', sizes, b.constant(floorOfRadii)), b.constant(16 * unitRoundoff));
  return b.binary('add', b.binary('add', own, ofSizes), b.constant(floorOfRadii));
}

function withRoundings(
  b: ProgramBuilder,
  radius: ValueId,
  slope: ValueId,
  { layer, bounds }: RelaxationInput,
  { owed, roundings }: OutwardTerms,
): ValueId {
  const rule = nonlinearityRule(layer);
  // A slope below the normal numbers may be read as 0: the floor pays for the dual that is lost with it.
  const share = b.within({ role: 'rounding' }, () =>
    b.binary('mul', b.binary('add', slope, b.constant(floorOfSizes)), owed),
  );
  const sum = b.binary('add', radius, share);
  if (roundings === 0) return sum;
  const ofValue = b.within({ role: 'rounding of value' }, () =>
    b.binary(
      'mul',
      rule.magnitude(b, layer, bounds),
      b.constant(roundedUp(gamma(roundings) * (1 + 16 * unitRoundoff))),
    ),
  );
  return b.binary('add', sum, ofValue);
}

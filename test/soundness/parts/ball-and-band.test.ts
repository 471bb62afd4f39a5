/** The ball and the band by themselves, in exact arithmetic: beside a whole certificate's terms the loss of theirs does not show. */
import type Fraction from 'fraction.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasRole, type NonlinearityLayer } from '../../../compiler/2-graph/roles.ts';
import type { RelaxationKind } from '../../../compiler/4-schedule/plan.ts';
import { roundingTable } from '../../../compiler/4-schedule/rounding-terms.ts';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { lowerBall } from '../../../compiler/5-program/lower/ball.ts';
import { startLowering } from '../../../compiler/5-program/lower/lowering.ts';
import { centreBehind, relax } from '../../../compiler/5-program/relaxation/relaxation.ts';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { unitRoundoff } from '../../../compiler/shared/float32.ts';
import { emitProgram, runEmitted } from '../../support/emitted-program.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { textDual } from '../../support/text-graph.ts';
import { withoutTerms } from '../exact/dropped-terms.ts';
import { rational } from './rational.ts';

const count = 64;
const next = seededNumbers(5);
const power = (least: number, most: number): number => 2 ** Math.floor(least + next() * (most - least)) * (1 + next());

const least = (a: Fraction, b: Fraction): Fraction => (a.compare(b) < 0 ? a : b);
const greatest = (a: Fraction, b: Fraction): Fraction => (a.compare(b) > 0 ? a : b);

const ballProgram = ([low, high]: readonly [number, number]): TensorProgram => {
  const dual = textDual(`
    ball linf 0.1 in [${low}, ${high}]
    x = input() : [${count}]
    logits = dense(x) {units: 2, useBias: true} : [2]
    output logits`);
  const builder = createBuilder();
  const lowering = startLowering(builder, dual, { kind: 'float32', roundings: roundingTable(dual.graph) });
  return builder.finish('ball', { ...lowerBall(lowering) });
};

/** Balls that are not covered. */
function uncovered(change: (program: TensorProgram) => TensorProgram): number {
  let failures = 0;
  for (const box of [
    [0, 1],
    [0.1, 0.7],
    [-3e5, 7e5],
  ] as const) {
    const program = change(ballProgram(box));
    const code = emitProgram(program);
    for (let round = 0; round < 30; round++) {
      const epsilon = round === 0 ? 1e9 : power(-40, 4);
      const inside = (): number => {
        const x = Math.fround(box[0] + next() * (box[1] - box[0]));
        const nearEnd = [Math.fround(box[0] + epsilon * next()), Math.fround(box[1] - epsilon * next()), x];
        const drawn = nearEnd[Math.floor(next() * 3)]!;
        return drawn >= box[0] && drawn <= box[1] ? drawn : x >= box[0] && x <= box[1] ? x : 0.5;
      };
      const x = Float64Array.from({ length: count }, inside);
      const { centre, radius } = runEmitted(code, program, {
        batchSize: 1,
        inputs: { x, epsilon: [epsilon] },
        params: {},
      });
      for (const [i, value] of x.entries()) {
        const [own, reach] = [rational(value), rational(epsilon)];
        const low = greatest(own.sub(reach), rational(box[0]));
        const high = least(own.add(reach), rational(box[1]));
        const [c, r] = [rational(centre!.data[i]!), rational(radius!.data[i]!)];
        if (low.compare(c.sub(r)) < 0 || high.compare(c.add(r)) > 0) failures++;
      }
    }
  }
  return failures;
}

interface Ramp {
  readonly layer: NonlinearityLayer;
  /** Slope below 0. */
  readonly below: number;
}

const rampIn = (call: string, below: number): Ramp => {
  const dual = textDual(`
    x = input() : [2]
    hidden = ${call} : [2]
    logits = dense(hidden) {units: 2, useBias: true} : [2]
    output logits`);
  const layer = dual.graph.layers[1]!;
  if (!hasRole(layer, 'nonlinearity')) throw new Error('no nonlinearity');
  return { layer, below };
};

const float32 = Math.fround;
const ramps: readonly Ramp[] = [
  rampIn('relu(x)', 0),
  ...[0, 0.01, 0.9999, 1].map(slope => rampIn(`leakyRelu(x) {negativeSlope: ${float32(slope)}}`, float32(slope))),
];

/** Slopes for positive and negative entries of a row, the radius, and the centre behind `before`. */
const relaxationProgram = ({ layer }: Ramp, kind: RelaxationKind): TensorProgram => {
  const b = createBuilder();
  const param = (name: string) => b.source({ kind: 'param', name, shape: [count] });
  const before = param('before');
  const relaxation = relax(b, {
    layer,
    kind,
    bounds: { lower: param('lower'), upper: param('upper') },
    centre: before,
    outward: { owed: param('owed'), roundings: 0 },
  });
  const centre = b.within({ role: 'centre' }, () => centreBehind(b, relaxation, before));
  const [lowerSlope, upperSlope] =
    relaxation.form === 'band' ? [relaxation.slope, relaxation.slope] : [relaxation.lowerSlope, relaxation.upperSlope];
  return b.finish('relaxation', { lowerSlope, upperSlope, radius: relaxation.radius, centre });
};

/**
 * Corners of the ramp on `[lower, upper]` at which a row of either sign is led astray: `±(σ(z) − centre) < ±slope·(z − before) − radius`, by
 * the radius without what the walk owes. Whoever owes has put 16u of that on top, for his product and sum, and 8u of the size times
 * the slope, of which three, of the size of `before`, are for the roundings in centre and radius.
 */
function astray(ramp: Ramp, kind: RelaxationKind, change: (program: TensorProgram) => TensorProgram): number {
  const program = change(relaxationProgram(ramp, kind));
  const slopeBelow = rational(ramp.below);
  const code = emitProgram(program);
  let failures = 0;
  for (let round = 0; round < 60; round++) {
    const scale = power(-149, 120);
    const number = (): number => Math.fround((next() - 0.5) * scale * power(-12, 1));
    const pairs = Array.from({ length: count }, () => [number(), number()].sort((a, b) => a - b));
    const before = pairs.map(([l, u]) => Math.fround(next() < 0.5 ? l! + (u! - l!) * next() : l! * power(-30, 0)));
    const owed = new Float32Array(count).fill(round % 2 === 0 ? 0 : scale / 8);
    const params = { lower: pairs.map(([l]) => l!), upper: pairs.map(([, u]) => u!), before, owed };
    const { lowerSlope, upperSlope, radius, centre } = runEmitted(code, program, { batchSize: 1, inputs: {}, params });
    for (const [i, pair] of pairs.entries()) {
      const slopes = [rational(lowerSlope!.data[i]!), rational(upperSlope!.data[i]!)] as const;
      for (const slope of slopes) if (slope.compare(slopeBelow) < 0 || slope.compare(1) > 0) failures++;
      const steepest = greatest(slopes[0], slopes[1]);
      const others = rational(owed[i]! * (1 - 8 * unitRoundoff)).sub(rational(3 * unitRoundoff * Math.abs(before[i]!)));
      const r = rational(radius!.data[i]!).sub(steepest.mul(others));
      for (const z of [...pair, 0, before[i]!]) {
        if (z < pair[0]! || z > pair[1]!) continue;
        const value = rational(z)
          .mul(z > 0 ? 1 : slopeBelow)
          .sub(rational(centre!.data[i]!));
        const step = rational(z).sub(rational(before[i]!));
        const below = slopes[0].mul(step).sub(r);
        const above = slopes[1].mul(step).add(r);
        if (value.compare(below) < 0 || value.compare(above) > 0) failures++;
      }
    }
  }
  return failures;
}

const dropped = (terms: RegExp) => withoutTerms(name => terms.test(name)).inProgram!;

describe('parts of a certificate, in exact arithmetic', () => {
  beforeAll(() => useBackend('wasm'));

  it('the ball covers every point of ε and the box', () => expect(uncovered(program => program)).toBe(0));
  it('the ball does not without its factors', () => expect(uncovered(dropped(/^factor/))).toBeGreaterThan(0));
  describe.each(['band', 'crown'] as const)('the %s', kind => {
    it.each(ramps)('holds $layer.kind between its bounds, with slope $below below 0', ramp =>
      expect(astray(ramp, kind, program => program)).toBe(0),
    );
    it.each([
      ['factors and shares', /^(factor|share)/],
      ['factors, shares and floors', /^(factor|share|underflow)/],
    ] as const)('does not without its %s', (_, terms) =>
      expect(astray(ramps[0]!, kind, dropped(terms))).toBeGreaterThan(0),
    );
  });
});

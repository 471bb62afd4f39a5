/** The ball and the band by themselves, in exact arithmetic: beside a whole certificate's terms the loss of theirs does not show. */
import type Fraction from 'fraction.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { roundingTable } from '../../../compiler/4-schedule/rounding-terms.ts';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { lowerBall } from '../../../compiler/5-program/lower/ball.ts';
import { reluBandOutward } from '../../../compiler/5-program/lower/band.ts';
import { startLowering } from '../../../compiler/5-program/lower/lowering.ts';
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

const bandProgram = (): TensorProgram => {
  const b = createBuilder();
  const param = (name: string) => b.source({ kind: 'param', name, shape: [count] });
  return b.finish('band', { ...reluBandOutward(b, { lower: param('lower'), upper: param('upper') }, param('owed')) });
};

/**
 * Corners of `relu` on `[lower, upper]` that leave the band, by the radius without what is owed. Whoever owes has put 16u on top, for
 * the roundings of its own product and sum (four) and of those in the radius: half of it is for the latter.
 */
function outside(change: (program: TensorProgram) => TensorProgram): number {
  const program = change(bandProgram());
  const code = emitProgram(program);
  let failures = 0;
  for (let round = 0; round < 60; round++) {
    const scale = power(-149, 120);
    const number = (): number => Math.fround((next() - 0.5) * scale * power(-12, 1));
    const pairs = Array.from({ length: count }, () => [number(), number()].sort((a, b) => a - b));
    const owed = new Float32Array(count).fill(round % 2 === 0 ? 0 : scale / 8);
    const params = { lower: pairs.map(([l]) => l!), upper: pairs.map(([, u]) => u!), owed };
    const { slope, offset, radius } = runEmitted(code, program, { batchSize: 1, inputs: {}, params });
    for (const [i, pair] of pairs.entries()) {
      const [s, o] = [rational(slope!.data[i]!), rational(offset!.data[i]!)];
      const r = rational(radius!.data[i]!).sub(s.mul(rational(owed[i]! * (1 - 8 * unitRoundoff))));
      if (s.compare(0) < 0 || s.compare(1) > 0) failures++;
      for (const z of [...pair, 0]) {
        if (z < pair[0]! || z > pair[1]!) continue;
        const left = rational(Math.max(0, z))
          .sub(s.mul(rational(z)))
          .sub(o);
        if (left.abs().compare(r) > 0) failures++;
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
  it('the band holds relu between its bounds', () => expect(outside(program => program)).toBe(0));
  it('the band does not without its factor', () => expect(outside(dropped(/^factor/))).toBeGreaterThan(0));
  it('the band does not without its factor and its floor', () =>
    expect(outside(dropped(/^(factor|underflow)/))).toBeGreaterThan(0));
});

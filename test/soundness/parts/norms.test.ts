/** Norms of rows by themselves, in exact arithmetic: what float32 loses in a long sum, or below the smallest square, they put on top. */
import Fraction from 'fraction.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { roundingTable } from '../../../compiler/4-schedule/rounding-terms.ts';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { l2Norm, lowerBall, roundingsOfRoot } from '../../../compiler/5-program/lower/ball.ts';
import { startLowering } from '../../../compiler/5-program/lower/lowering.ts';
import { rowNorms } from '../../../compiler/5-program/lower/norms.ts';
import { inflatedNorms } from '../../../compiler/5-program/lower/outward.ts';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { emitProgram, runEmitted } from '../../support/emitted-program.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { textDual } from '../../support/text-graph.ts';
import { withoutTerms } from '../exact/dropped-terms.ts';
import { rational } from './rational.ts';

const features = 600;
const rows = 3;
const next = seededNumbers(11);

const sumOf = (terms: readonly Fraction[]): Fraction => terms.reduce((sum, term) => sum.add(term), new Fraction(0));

const lowering = (ball: string) => {
  const dual = textDual(`
    ball ${ball}
    x = input() : [${features}]
    logits = dense(x) {units: 2, useBias: true} : [2]
    output logits`);
  const builder = createBuilder();
  return startLowering(builder, dual, { kind: 'float32', roundings: roundingTable(dual.graph) });
};

/** `groups` examples; with two of them each has rows of its own, and the sum is another kernel's. */
function weightedProgram(groups: number): TensorProgram {
  const own = lowering('linf 0.1');
  const b = own.builder;
  const dual = b.source({ kind: 'param', name: 'dual', shape: [groups * rows, features] });
  const weights = b.source({ kind: 'param', name: 'weights', shape: [groups, features] });
  return b.finish('norms', { norms: inflatedNorms(own, rowNorms(b, dual, weights, rows)) });
}

function euclideanProgram(): TensorProgram {
  const own = lowering('l2 0.1');
  const b = own.builder;
  lowerBall(own);
  const dual = b.source({ kind: 'param', name: 'dual', shape: [rows, features] });
  const value = l2Norm(own, b.sum(b.unary('square', dual), [1]), features);
  return b.finish('norms', { norms: inflatedNorms(own, { value, roundings: features + roundingsOfRoot }) });
}

/** Entries of which all but some are too small to be seen beside these; one of all sizes; tiny ones. */
const draws: readonly (() => number)[] = [
  () => (next() < 0.02 ? 1 : 2 ** -25 * (1 + next())) * (next() < 0.5 ? -1 : 1),
  () => 2 ** Math.floor(next() * 60 - 30) * (1 + next()),
  () => 2 ** -62 * next(),
];
const drawn = (count: number, draw: () => number): Float64Array =>
  Float64Array.from({ length: count }, () => Math.fround(draw()));

type Change = (program: TensorProgram) => TensorProgram;

/** Norms below the exact ones. */
function weightedTooSmall(change: Change): number {
  let failures = 0;
  for (const groups of [1, 2]) {
    const program = change(weightedProgram(groups));
    const code = emitProgram(program);
    for (const draw of draws) {
      const dual = drawn(groups * rows * features, draw);
      const weights = drawn(groups * features, () => 1 + next() / 8);
      const found = runEmitted(code, program, { batchSize: 1, inputs: {}, params: { dual, weights } }).norms!.data;
      found.forEach((norm, row) => {
        const group = Math.floor(row / rows);
        const terms = Array.from({ length: features }, (_, i) =>
          rational(Math.abs(dual[row * features + i]!)).mul(rational(weights[group * features + i]!)),
        );
        if (rational(norm).compare(sumOf(terms)) < 0) failures++;
      });
    }
  }
  return failures;
}

function euclideanTooSmall(change: Change): number {
  let failures = 0;
  const program = change(euclideanProgram());
  const code = emitProgram(program);
  for (const draw of draws)
    for (const epsilon of [0.1, 8 / 255, 1e-9]) {
      const dual = drawn(rows * features, draw);
      const x = new Float64Array(features);
      const found = runEmitted(code, program, { batchSize: 1, inputs: { x, epsilon: [epsilon] }, params: { dual } });
      found.norms!.data.forEach((norm, row) => {
        const squares = [...dual.subarray(row * features, (row + 1) * features)].map(entry => rational(entry).pow(2)!);
        const exact = sumOf(squares).mul(rational(epsilon).pow(2)!);
        if (rational(norm).pow(2)!.compare(exact) < 0) failures++;
      });
    }
  return failures;
}

const dropped: Change = program => withoutTerms(() => true).inProgram!(program);

describe('norms of rows', () => {
  beforeAll(() => useBackend('wasm'));

  it('are not below the exact ones', () => {
    expect(weightedTooSmall(program => program)).toBe(0);
  });

  it('would be without their factor', () => {
    expect(weightedTooSmall(dropped)).toBeGreaterThan(0);
  });

  it('are not below the exact ones for l2, where squares vanish too', () => {
    expect(euclideanTooSmall(program => program)).toBe(0);
  });

  it('would be for l2 without their terms', () => {
    expect(euclideanTooSmall(dropped)).toBeGreaterThan(0);
  });
});

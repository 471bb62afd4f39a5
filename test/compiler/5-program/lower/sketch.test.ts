import { describe, expect, it } from 'vitest';
import { buildDual } from '../../../../compiler/3-dual/build-dual.ts';
import type { Plan, ScaleEstimator, Strategy } from '../../../../compiler/4-schedule/plan.ts';
import { checkProgram } from '../../../../compiler/5-program/check-program.ts';
import { interpret } from '../../../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../../../compiler/5-program/lower-margins.ts';
import { emittedNoise } from '../../../support/emitted-program.ts';
import { seededNormals } from '../../../support/program-inputs.ts';
import { residual, textGraph } from '../../../support/text-graph.ts';

const projections = 4000;

/**
 * Standard deviation of the estimates of k Cauchy samples, as a share of their scale g. Maximum likelihood: the Fisher information of
 * one sample is 1/(2g²), so √(2/k). Median: the density of |s| at its median g is 1/(πg), so π/(2√k). Geometric mean: the
 * variance of log|s| is π²/4, so π/(2√k) as well.
 */
const deviation: { readonly [Estimator in ScaleEstimator]: number } = {
  ml: Math.sqrt(2 / projections),
  median: Math.PI / 2 / Math.sqrt(projections),
  geometric: Math.PI / 2 / Math.sqrt(projections),
};

/** Radii of the last nonlinearity's input, all others exactly bounded so that both walks meet the same bands. */
function radii(ball: string, strategy: Strategy): number[] {
  const graph = textGraph(`ball ${ball}\n${residual}`);
  const dual = buildDual(graph);
  const last = dual.bounds.at(-2)!;
  const plan: Plan = {
    purpose: 'train',
    arithmetic: { kind: 'real' },
    probability: null,
    choices: dual.bounds.map(({ name, rowCount }) => ({
      bound: name,
      strategy: name === last.name ? strategy : { kind: 'backward', relaxation: 'band', chunk: rowCount },
      why: '',
      alternatives: [],
      macs: 0,
      milliseconds: 0,
      bytesPerExample: 0,
    })),
  };
  const program = lowerCertificate(dual, plan);
  checkProgram(program);
  const sizes = { first: [3, 4], w1: [4, 4], w2: [4, 4], logits: [4, 2] } as const;
  const params = Object.fromEntries(
    Object.entries(sizes).flatMap(([layer, [inputs, units]], index) => [
      [`${layer}.weight`, seededNormals(index, inputs * units)],
      [`${layer}.bias`, seededNormals(index + 10, units)],
    ]),
  );
  const inputs = { x: seededNormals(20, 6), labels: [0, 1], epsilon: [0.5] };
  const values = interpret(program, { batchSize: 2, inputs, params, noise: emittedNoise });
  const [lower, upper] = [values[`bounds.${last.name}.lower`]!.data, values[`bounds.${last.name}.upper`]!.data];
  return Array.from(upper, (entry, i) => (entry - lower[i]!) / 2);
}

const exact = (ball: string): number[] => radii(ball, { kind: 'backward', relaxation: 'band', chunk: 4 });

describe('a sketch with many projections', () => {
  it.each(['ml', 'median', 'geometric'] as const)('%s: estimates the exact norm in an l∞ ball', estimator => {
    const wanted = exact('linf 0.5');
    const found = radii('linf 0.5', { kind: 'sketch', projections, estimator });
    // Five deviations: one in a million for each of eight radii. The draws are fixed.
    for (const [i, radius] of found.entries())
      expect(Math.abs(radius / wanted[i]! - 1)).toBeLessThan(5 * deviation[estimator]);
  });

  it('estimates the bands and the ball separately for l2, each at its own precision', () => {
    const wanted = exact('l2 0.5');
    const found = radii('l2 0.5', { kind: 'sketch', projections, estimator: 'ml' });
    // The share of the ball comes from normal draws, whose deviation √(1/2k) is the smaller one.
    for (const [i, radius] of found.entries()) expect(Math.abs(radius / wanted[i]! - 1)).toBeLessThan(5 * deviation.ml);
  });

  it('is another estimate with few projections: it does not look the norm up', () => {
    const wanted = exact('linf 0.5');
    const found = radii('linf 0.5', { kind: 'sketch', projections: 10, estimator: 'ml' });
    expect(found.some((radius, i) => Math.abs(radius / wanted[i]! - 1) > 0.05)).toBe(true);
  });
});

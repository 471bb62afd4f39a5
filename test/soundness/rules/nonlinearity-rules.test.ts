/** Every function of every nonlinearity's rule agrees with the function itself, and a mistake in any of them is seen. */
import { describe, expect, it } from 'vitest';
import type { RelaxationKind } from '../../../compiler/4-schedule/plan.ts';
import type { ProgramBuilder } from '../../../compiler/5-program/builder.ts';
import { nonlinearityRules } from '../../../compiler/5-program/nonlinearity/nonlinearity-rules.ts';
import type { Line } from '../../../compiler/5-program/relaxation/lines.ts';
import { definitionOf, layerKinds } from '../../../compiler/layers/registry.ts';
import type { ValueId } from '../../../compiler/shared/ids.ts';
import { layerSamples } from './layer-samples.ts';
import { type AnyNonlinearityRule, nonlinearityFaults } from './nonlinearity-faults.ts';

const samples = layerSamples(3, 150, 20);
const kinds = layerKinds().filter(kind => definitionOf(kind).role === 'nonlinearity');
const ruleOf = (kind: string): AnyNonlinearityRule => nonlinearityRules[kind as keyof typeof nonlinearityRules];

const faultsOf = (kind: string, rule: AnyNonlinearityRule): Set<string> =>
  new Set(samples.get(kind)!.flatMap(sample => nonlinearityFaults(sample, rule)));

const short = (b: ProgramBuilder, value: ValueId): ValueId => b.binary('mul', value, b.constant(0.99));
const lifted = (b: ProgramBuilder, value: ValueId | null, by: number): ValueId =>
  value === null ? b.constant(by) : b.binary('add', value, b.constant(by));

type Wrong = readonly [what: string, rule: AnyNonlinearityRule];

function mistakesIn(rule: AnyNonlinearityRule): Wrong[] {
  const { live } = rule;
  const wrong: Wrong[] = [
    ['value', { ...rule, value: (b, layer, z) => short(b, rule.value(b, layer, z)) }],
    [
      'image',
      { ...rule, image: (b, ...rest) => ({ ...rule.image(b, ...rest), least: rule.image(b, ...rest).greatest }) },
    ],
    [
      'image',
      { ...rule, image: (b, ...rest) => ({ ...rule.image(b, ...rest), greatest: rule.image(b, ...rest).least }) },
    ],
    ['magnitude', { ...rule, magnitude: (b, ...rest) => short(b, rule.magnitude(b, ...rest)) }],
    // Off where the lower bound is not positive.
    ['live', { ...rule, live: (b, _layer, { lower }) => b.unary('step', lower) }],
  ];
  if (live === null) wrong.push(['live', { ...rule, live: (b, _layer, { upper }) => b.unary('step', upper) }]);
  for (const kind of Object.keys(rule.lines) as RelaxationKind[]) {
    const changed = (
      change: (b: ProgramBuilder, line: Line) => Line,
      side: 'lower' | 'upper',
    ): AnyNonlinearityRule => ({
      ...rule,
      lines: {
        ...rule.lines,
        [kind]: (b: ProgramBuilder, ...rest: never[]) => {
          const lines = (rule.lines[kind] as (b: ProgramBuilder, ...all: never[]) => Record<typeof side, Line>)(
            b,
            ...rest,
          );
          return { ...lines, [side]: change(b, lines[side]) };
        },
      },
    });
    for (const side of ['lower', 'upper'] as const) {
      const inward = side === 'lower' ? 0.01 : -0.01;
      wrong.push(
        [`lines.${kind}`, changed((b, line) => ({ ...line, intercept: lifted(b, line.intercept, inward) }), side)],
        [`slack of ${kind}`, changed((b, line) => ({ ...line, intercept: lifted(b, line.intercept, -inward) }), side)],
        [`lines.${kind}`, changed((b, line) => ({ ...line, slope: lifted(b, line.slope, 0.01) }), side)],
        [`lines.${kind}`, changed((b, line) => ({ ...line, slope: lifted(b, line.slope, -0.01) }), side)],
      );
    }
  }
  return wrong;
}

describe.each(kinds)('the rule of %s', kind => {
  it('agrees with the function', () => {
    expect(samples.get(kind)!.length).toBeGreaterThan(10);
    expect([...faultsOf(kind, ruleOf(kind))]).toEqual([]);
  });

  it('is not what it should be when any part of it is wrong', () => {
    for (const [what, rule] of mistakesIn(ruleOf(kind))) expect([...faultsOf(kind, rule)], what).toContain(what);
  });

  /** The rule with another slope of its band. */
  const banded = (slopeOf: (b: ProgramBuilder, slope: ValueId) => ValueId): AnyNonlinearityRule => ({
    ...ruleOf(kind),
    slopes: 'nonnegative',
    lines: {
      ...ruleOf(kind).lines,
      band: (b, layer, bounds, exactness) => {
        const lines = ruleOf(kind).lines.band(b, layer, bounds, exactness);
        const slope = slopeOf(b, lines.upper.slope);
        return { lower: { ...lines.lower, slope }, upper: { ...lines.upper, slope } };
      },
    },
  });

  it('has slopes of the sign that it says', () => {
    const turned = banded((b, slope) => b.binary('sub', slope, b.constant(2)));
    expect([...faultsOf(kind, turned)]).toContain('slopes');
  });

  it('has no slope steeper than it says', () => {
    expect([
      ...faultsOf(
        kind,
        banded((b, slope) => b.binary('mul', slope, b.constant(1.001))),
      ),
    ]).toContain('steepest');
  });
});

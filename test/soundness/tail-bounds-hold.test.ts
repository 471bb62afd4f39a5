/**
 * Bounds that are promised to hold with probability `1 − δ` fail in no more than `δ` of thousands of keys, by an exact binomial interval;
 * with a constant that is wrong on purpose they fail more often. docs/probability.md has the figures.
 */
import { describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import { probabilityFor } from '../../compiler/4-schedule/probability.ts';
import { interpret, type ProgramInputs } from '../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr } from '../../compiler/5-program/tensor-program.ts';
import { defaultOptions } from '../../compiler/options.ts';
import { binomialInterval } from '../../runtime/statistics/binomial-interval.ts';
import { seededNormals } from '../support/program-inputs.ts';
import { plainNetwork } from '../support/random-network-forward.ts';
import { residual, textGraph } from '../support/text-graph.ts';
import { dualOf, programInputs, type Subject } from './certificate.ts';
import { countFailures, exactRadius, noiseOf, probablePlan, withSketches } from './tail-bounds.ts';

const keys = 3000;

/** 3 → 4 → 4 → 4 → 2 with a skip, one example. */
function subjectWith(ball: string): Subject {
  const graph: LayerGraph = textGraph(`ball ${ball}\n${residual}`);
  const sizes = { first: [3, 4], w1: [4, 4], w2: [4, 4], logits: [4, 2] } as const;
  const params = Object.fromEntries(
    Object.entries(sizes).flatMap(([layer, [inputs, units]], index) => [
      [`${layer}.weight`, seededNormals(index, inputs * units)],
      [`${layer}.bias`, seededNormals(index + 10, units)],
    ]),
  );
  const { epsilon } = graph.ball;
  return { graph, batch: 1, x: seededNormals(20, 3), labels: [0], epsilon, params };
}

const failureRate = (failures: number) => binomialInterval(failures, keys, 0.999);

const linf = subjectWith('linf 0.5');
const l2 = subjectWith('l2 0.5');

describe.each([
  ['an l∞ ball', linf],
  ['an l2 ball', l2],
] as const)('estimates around %s', (_, subject) => {
  it.each([
    [0.3, 4, 1],
    [0.1, 8, 1],
    [0.3, 2, 3],
  ])(
    'promised to fail with probability %d do, with means of %i, the largest of %i',
    (delta, projections, estimators) => {
      const plan = probablePlan(subject.graph, { delta, projections, estimators });
      const [least, most] = failureRate(countFailures(subject, plan, keys));
      expect(least).toBeLessThan(delta);
      // Chernoff's bounds lose a factor, and around an l2 ball two parts add up: failures are there to be seen all the same.
      expect(most).toBeGreaterThan(delta / 200);
    },
  );

  it('fail far more often when they are not enlarged, and where it is forgotten how many they are', () => {
    const sizes = { delta: 0.3, projections: 4, estimators: 1 };
    const plan = probablePlan(subject.graph, sizes);
    const plain = withSketches(plan, strategy => ({
      ...strategy,
      cauchyFactor: 1,
      normalFactor: 1 / Math.sqrt(strategy.projections),
    }));
    expect(failureRate(countFailures(subject, plain, keys))[0]).toBeGreaterThan(0.3);
    const corrected = withSketches(plain, strategy => ({ ...strategy, cauchyFactor: Math.cos(Math.PI / 8) ** 4 }));
    expect(failureRate(countFailures(subject, corrected, keys))[0]).toBeGreaterThan(0.3);
    const { tail } = probabilityFor(sizes, 1);
    const ofOne = withSketches(plan, strategy => ({
      ...strategy,
      cauchyFactor: 1 / (1 - tail),
      normalFactor: 1 / Math.sqrt(strategy.projections),
    }));
    const right = failureRate(countFailures(subject, plan, keys));
    expect(failureRate(countFailures(subject, ofOne, keys))[0]).toBeGreaterThan(2 * right[1]);
  });
});

describe('estimates in float32', () => {
  it.each([
    ['an l∞ ball', linf],
    ['an l2 ball', l2],
  ] as const)('fail as seldom, with what rounding may hide in them, around %s', (_, subject) => {
    const sizes = { delta: 0.3, projections: 4, estimators: 1 };
    const { dual, costOf } = dualOf(subject.graph);
    const { certify } = chooseSchedule(dual, { ...defaultOptions, probability: sizes }, costOf);
    expect(certify.arithmetic.kind).toBe('float32');
    const [least, most] = failureRate(countFailures(subject, certify, keys));
    expect(least).toBeLessThan(sizes.delta);
    expect(most).toBeGreaterThan(sizes.delta / 200);
  });
});

describe('the truth that estimates are held against', () => {
  it('is the radius of exact rows, given the same bands', () => {
    for (const subject of [linf, l2]) {
      const exact = probablePlan(
        subject.graph,
        { delta: 0.1, projections: 2, estimators: 1 },
        'inner=exact,after=exact',
      );
      const found = interpret(lowerCertificate(dualOf(subject.graph).dual, exact), programInputs(subject));
      for (const [bound, of] of [
        ['inner', 'w1'],
        ['after', 'joined'],
      ] as const)
        for (let entry = 0; entry < 4; entry++) {
          const [low, high] = [found[`bounds.${bound}.lower`]!.data, found[`bounds.${bound}.upper`]!.data];
          const layer = subject.graph.layers.find(({ id }) => id === of)!.id;
          const network = plainNetwork(subject.graph, subject.params);
          const wanted = exactRadius(subject, network, found, layer, entry);
          expect((high[entry]! - low[entry]!) / 2).toBeCloseTo(wanted, 10);
        }
    }
  });
});

describe('the draws of a bound', () => {
  const plan = probablePlan(linf.graph, { delta: 0.1, projections: 4, estimators: 2 });
  const program = lowerCertificate(dualOf(linf.graph).dual, plan);
  const noiseIn = (body: readonly Instr[]): [section: string, stream: string][] =>
    body.flatMap(({ op, origin }) => [
      ...(op.kind === 'noise' ? [[origin.section, op.stream] as [string, string]] : []),
      ...noiseIn(blockOf(op)?.body ?? []),
    ]);

  it('are those of no other bound, carried anew from the ball', () => {
    const ofInner = ['x for inner', 'h for inner'];
    const ofAfter = ['x for after', 'h for after', 'inner for after'];
    const sections = new Map<string, Set<string>>();
    for (const [section, stream] of noiseIn(program.body))
      sections.set(section, (sections.get(section) ?? new Set()).add(stream));
    expect([...sections.keys()]).toEqual(['bounds:inner', 'bounds:after']);
    expect([...sections.get('bounds:inner')!].toSorted()).toEqual(ofInner.toSorted());
    expect([...sections.get('bounds:after')!].toSorted()).toEqual(ofAfter.toSorted());
  });

  it('decide that bound and those behind it, and none before', () => {
    const bounds = (changed: (stream: string) => boolean) => {
      const plain = noiseOf(1);
      const other = noiseOf(2);
      const noise: ProgramInputs['noise'] = (stream, ...rest) => (changed(stream) ? other : plain)(stream, ...rest);
      const found = interpret(program, { ...programInputs(linf), noise });
      return ['h', 'inner', 'after'].map(bound => found[`bounds.${bound}.upper`]!.data.join());
    };
    const own = bounds(() => false);
    const differs = (changed: (stream: string) => boolean) => bounds(changed).map((each, i) => each !== own[i]);
    expect(differs(stream => stream.endsWith(' for inner'))).toEqual([false, true, true]);
    expect(differs(stream => stream.endsWith(' for after'))).toEqual([false, false, true]);
  });
});

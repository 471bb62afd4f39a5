/**
 * What is wrong with the rule of a nonlinearity, function by function: each is run by itself on many intervals and held against the
 * function at many points of them.
 */
import type { RelaxationKind } from '../../../compiler/4-schedule/plan.ts';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import type { NonlinearityRule } from '../../../compiler/5-program/nonlinearity/nonlinearity-rule.ts';
import type { Exactness } from '../../../compiler/5-program/relaxation/lines.ts';
import { meaningOf } from '../../support/layer-meaning.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import type { LayerSample } from './layer-samples.ts';

// biome-ignore lint/suspicious/noExplicitAny: the rule of whatever kind the sample is of.
export type AnyNonlinearityRule = NonlinearityRule<any>;

interface Interval {
  readonly low: number;
  readonly high: number;
}

const next = seededNumbers(17);
/** On both sides of 0 and across it, of many sizes, some of them a point, some ending at 0. */
const intervals: readonly Interval[] = [
  ...Array.from({ length: 60 }, () => {
    const size = 10 ** (4 * next() - 2);
    const [a, b] = [(2 * next() - 1) * size, (2 * next() - 1) * size];
    return { low: Math.min(a, b), high: Math.max(a, b) };
  }),
  ...[
    [0, 0],
    [-1, 0],
    [0, 1],
    [-1, 1],
    [2, 2],
    [-2, -2],
    [-3, -1],
    [1, 3],
  ].map(([low, high]) => ({ low: low!, high: high! })),
];

const pointsOf = ({ low, high }: Interval): number[] => [
  ...Array.from({ length: 17 }, (_, i) => low + ((high - low) * i) / 16),
  ...[0, 1, -1].filter(kink => kink >= low && kink <= high),
];

const slack = 1e-12;

/** Names of what is wrong; `lines.<relaxation>` for what does not hold, `slack of <relaxation>` for what is further away than it need be. */
export function nonlinearityFaults({ layer, inputShapes, params }: LayerSample, rule: AnyNonlinearityRule): string[] {
  const meaning = meaningOf(layer, inputShapes, params);
  if (meaning.kind !== 'curve') throw new Error(`${layer.kind} is no function of one number`);
  const { curve } = meaning;
  const faults = new Set<string>();
  const count = intervals.length;
  const b = createBuilder();
  const param = (name: string) => b.source({ kind: 'param', name, shape: [count] });
  const bounds = { lower: param('low'), upper: param('high') };
  const own = { ...layer, shape: [count] };
  const outputs: Record<string, ReturnType<typeof param>> = {};
  outputs.value = rule.value(b, own, param('high'));
  Object.assign(outputs, rule.image(b, own, bounds));
  outputs.magnitude = rule.magnitude(b, own, bounds);
  if (rule.live !== null) outputs.live = rule.live(b, own, bounds);
  const zero = b.append({ kind: 'broadcast', shape: [count] }, [b.constant(0)]);
  for (const kind of Object.keys(rule.lines) as RelaxationKind[])
    for (const exactness of ['real', 'outward'] as const)
      for (const [side, line] of Object.entries(rule.lines[kind](b, own, bounds, exactness))) {
        outputs[`${kind} ${exactness} ${side} slope`] = line.slope;
        outputs[`${kind} ${exactness} ${side} intercept`] = line.intercept ?? zero;
      }
  const found = interpret(b.finish('rule', outputs), {
    batchSize: 1,
    inputs: {},
    params: { low: intervals.map(({ low }) => low), high: intervals.map(({ high }) => high) },
  });
  const at = (name: string, i: number): number => found[name]!.data[i]!;

  for (const [i, interval] of intervals.entries()) {
    const values = pointsOf(interval).map(curve.value);
    const near = slack * (1 + Math.max(...values.map(Math.abs), Math.abs(interval.low), Math.abs(interval.high)));
    const [least, greatest] = curve.image(interval.low, interval.high);
    if (Math.abs(at('value', i) - curve.value(interval.high)) > near) faults.add('value');
    if (Math.abs(at('least', i) - least) > near || Math.abs(at('greatest', i) - greatest) > near) faults.add('image');
    if (values.some(value => Math.abs(value) > at('magnitude', i) + near)) faults.add('magnitude');
    const isLive = rule.live === null || at('live', i) === 1;
    if (!isLive && values.some(value => value !== 0)) faults.add('live');
    for (const kind of Object.keys(rule.lines) as RelaxationKind[])
      for (const exactness of ['real', 'outward'] as const) checkLines(kind, exactness, i, interval, isLive, near);
  }
  return [...faults];

  function checkLines(
    kind: RelaxationKind,
    exactness: Exactness,
    i: number,
    interval: Interval,
    isLive: boolean,
    near: number,
  ): void {
    const [lower, upper] = (['lower', 'upper'] as const).map(side => ({
      slope: at(`${kind} ${exactness} ${side} slope`, i),
      intercept: at(`${kind} ${exactness} ${side} intercept`, i),
    }));
    const gaps = (line: typeof lower): number[] =>
      pointsOf(interval).map(z => curve.value(z) - line!.slope * z - line!.intercept);
    if (gaps(lower).some(gap => gap < -near) || gaps(upper).some(gap => gap > near)) faults.add(`lines.${kind}`);
    if (!isLive && [lower, upper].some(line => line!.slope !== 0 || line!.intercept !== 0)) faults.add('live');
    if (kind === 'band' && lower!.slope !== upper!.slope) faults.add('lines.band');
    if (rule.slopes === 'nonnegative' && Math.min(lower!.slope, upper!.slope) < 0) faults.add('slopes');
    if (Math.max(Math.abs(lower!.slope), Math.abs(upper!.slope)) > rule.steepest) faults.add('steepest');
    // A line that touches nothing could be nearer.
    const isLoose = Math.min(...gaps(lower)) > 1e-6 + near || Math.max(...gaps(upper)) < -1e-6 - near;
    if (isLoose) faults.add(`slack of ${kind}`);
  }
}

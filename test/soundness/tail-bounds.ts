/**
 * How often bounds that hold with a probability do not: by the program of the certificate in float64, under many keys, against the exact
 * radius given the bands that the program itself found before, from explicit matrices and no code of the compiler.
 */
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import type { Plan, ProbabilitySizes, ProbableStrategy } from '../../compiler/4-schedule/plan.ts';
import { interpret, type ProgramInputs, type ProgramOutput } from '../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import { defaultOptions } from '../../compiler/options.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { sizeOf } from '../../compiler/shared/shape.ts';
import { cauchy, normal } from '../../runtime/random/draws.ts';
import { foldIn, keyFrom } from '../../runtime/random/random-key.ts';
import { addPulledBack, type PlainNetwork, plainNetwork } from '../support/random-network-forward.ts';
import { boxAround } from '../support/sample-ball.ts';
import { dualOf, programInputs, type Subject } from './certificate.ts';

/** The plan of a graph, every bound but those in closed form and the margins estimated. */
export function probablePlan(graph: LayerGraph, probability: ProbabilitySizes, bounds = ''): Plan {
  const { dual, costOf } = dualOf(graph);
  const options = { ...defaultOptions, arithmetic: 'real', probability, requests: parseBoundsRequest(bounds) } as const;
  return chooseSchedule(dual, options, costOf).certify;
}

/** The plan with its sketches changed on purpose. */
export const withSketches = (plan: Plan, change: (strategy: ProbableStrategy) => ProbableStrategy): Plan => ({
  ...plan,
  choices: plan.choices.map(choice =>
    choice.strategy.kind === 'probable' ? { ...choice, strategy: change(choice.strategy) } : choice,
  ),
});

/** Draws of the runtime under a key. */
export function noiseOf(seed: number): NonNullable<ProgramInputs['noise']> {
  const key = keyFrom(seed);
  return (stream, distribution, count) =>
    distribution === 'cauchy' ? cauchy(foldIn(key, stream), count) : normal(foldIn(key, stream), count);
}

/** In how many of so many runs some estimate of the first example is below the exact radius given the bands before it. */
export function countFailures(subject: Subject, plan: Plan, keys: number): number {
  const { graph, params } = subject;
  const program = lowerCertificate(dualOf(graph).dual, plan);
  const network = plainNetwork(graph, params);
  const estimated = plan.choices.filter(({ strategy }) => strategy.kind === 'probable').map(({ bound }) => bound);
  let failures = 0;
  for (let seed = 0; seed < keys; seed++) {
    const found = interpret(program, { ...programInputs(subject), noise: noiseOf(seed) });
    if (estimated.some(bound => isShort(subject, network, found, bound))) failures++;
  }
  return failures;
}

type Values = Readonly<Record<string, ProgramOutput>>;

/** Whether any neuron of a bound has a radius below the exact one. */
function isShort(subject: Subject, network: PlainNetwork, found: Values, bound: string): boolean {
  const reader = subject.graph.layers.find(({ id }) => id === bound)!;
  const [lower, upper] = [found[`bounds.${bound}.lower`]!.data, found[`bounds.${bound}.upper`]!.data];
  return Array.from({ length: sizeOf(reader.shape) }, (_, entry) => entry).some(entry => {
    const radius = (upper[entry]! - lower[entry]!) / 2;
    // Subtraction of the ends loses what is small beside the centre.
    const rounding = 1e-12 * (1 + Math.abs(upper[entry]!) + Math.abs(lower[entry]!));
    return radius < exactRadius(subject, network, found, reader.inputs[0]!, entry) - rounding;
  });
}

/** `Σ ⟨radius, |ν|⟩` over all bands, and the norm of the ball, of a row that walks back from one entry of a layer. */
export function exactRadius(
  { graph, x }: Subject,
  { meanings }: PlainNetwork,
  found: Values,
  layer: LayerId,
  entry: number,
): number {
  const sizes = new Map(graph.layers.map(({ id, shape }) => [id, sizeOf(shape)]));
  const duals = new Map<LayerId, Float64Array>([[layer, unit(sizes.get(layer)!, entry)]]);
  let radius = 0;
  for (const { id, inputs } of graph.layers.toReversed()) {
    const dual = duals.get(id);
    if (dual === undefined) continue;
    const meaning = meanings.get(id)!;
    const own = x.subarray(0, sizes.get(graph.input)!);
    if (meaning.kind === 'input') {
      const [low, high] = boxAround(graph.ball, Float64Array.from(own));
      radius +=
        graph.ball.norm === 'l2'
          ? graph.ball.epsilon * Math.hypot(...dual)
          : dual.reduce((sum, each, i) => sum + (Math.abs(each) * (high[i]! - low[i]!)) / 2, 0);
    }
    for (const [operand, input] of inputs.entries()) {
      const before = duals.get(input) ?? new Float64Array(sizes.get(input)!);
      duals.set(input, before);
      if (meaning.kind !== 'curve') {
        addPulledBack(before, dual, meaning, operand, new Float64Array(sizes.get(input)!));
        continue;
      }
      dual.forEach((each, i) => {
        const [low, high] = [found[`bounds.${id}.lower`]!.data[i]!, found[`bounds.${id}.upper`]!.data[i]!];
        const { value } = meaning.curve;
        const crosses = low < 0 && high > 0;
        const slope = crosses ? (value(high) - value(low)) / (high - low) : high > 0 ? value(1) : -value(-1);
        before[i]! += each * slope;
        if (crosses) radius += (Math.abs(each) * (value(low) - slope * low)) / 2;
      });
    }
  }
  return radius;
}

function unit(size: number, entry: number): Float64Array {
  const row = new Float64Array(size);
  row[entry] = 1;
  return row;
}

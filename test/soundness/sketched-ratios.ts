/** How far sketches are off: estimated over exact radius, for one entry of one bound of each of many random networks, under many keys. */
import fc from 'fast-check';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import type { ScaleEstimator } from '../../compiler/4-schedule/plan.ts';
import { interpret } from '../../compiler/5-program/interpret.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import { candidateCosts } from '../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../compiler/options.ts';
import { cauchy, normal } from '../../runtime/random/draws.ts';
import { foldIn, keyFrom } from '../../runtime/random/random-key.ts';
import { type RandomNetwork, smoothNetwork } from '../support/random-network.ts';
import { certificateOf, planFor, programInputs } from './certificate.ts';
import { roomy } from './plan-requests.ts';

export interface SketchSetting {
  readonly estimator: ScaleEstimator;
  readonly projections: number;
  readonly keys: number;
}

/** A number that is to be estimated. */
export interface Target {
  readonly network: RandomNetwork;
  readonly bound: string;
  readonly entry: number;
  readonly radius: number;
}

/** The first `count` random networks with such a number. */
export function sketchTargets(norm: 'linf' | 'l2', count: number): Target[] {
  const targets = fc
    .sample(smoothNetwork, { seed: 41, numRuns: 12 * count })
    .filter(({ graph }) => graph.ball.norm === norm)
    .flatMap(targetIn)
    .slice(0, count);
  if (targets.length < count) throw new Error(`only ${targets.length} networks with a bound to sketch`);
  return targets;
}

/** For each target as many ratios as there are keys, all independent of each other: every network has keys of its own. */
export const sketchedRatios = (targets: readonly Target[], setting: SketchSetting): number[] =>
  targets.flatMap((target, number) => ratiosOf(target, number, setting));

/**
 * The last bound before the margins that a nonlinearity stands before, and its widest entry; those before it are computed exactly,
 * so that only this one is estimated. None where every nonlinearity on the way is off: radius and estimate are 0.
 */
function targetIn(network: RandomNetwork): Target[] {
  const { bounds } = buildDual(network.graph);
  const bound = bounds.findLast(
    ({ rows, walk }) => rows === 'identity' && [...walk].some(step => step.kind === 'relax'),
  )?.name;
  if (bound === undefined) return [];
  const exact = planFor(network, { name: 'exact', bounds: 'exact', memoryBytes: roomy });
  const radii = radiiOf(certificateOf(network, exact).bounds[bound]!);
  const radius = Math.max(...radii);
  return radius === 0 ? [] : [{ network, bound, radius, entry: radii.indexOf(radius) }];
}

const radiiOf = ({ lower, upper }: { readonly lower: Float64Array; readonly upper: Float64Array }): Float64Array =>
  upper.map((end, i) => (end - lower[i]!) / 2);

function ratiosOf({ network, bound, entry, radius }: Target, number: number, setting: SketchSetting): number[] {
  const { estimator, projections, keys } = setting;
  const dual = buildDual(network.graph);
  const requests = parseBoundsRequest(`train:exact,train:${bound}=sketch`);
  const { train } = chooseSchedule(dual, { ...defaultOptions, requests, projections, estimator }, candidateCosts(dual));
  const program = lowerCertificate(dual, train);
  return Array.from({ length: keys }, (_, draw) => {
    const key = keyFrom(number * keys + draw);
    const outputs = interpret(program, {
      ...programInputs(network),
      noise: (stream, distribution, count) =>
        distribution === 'cauchy' ? cauchy(foldIn(key, stream), count) : normal(foldIn(key, stream), count),
    });
    const [lower, upper] = [outputs[`bounds.${bound}.lower`]!.data, outputs[`bounds.${bound}.upper`]!.data];
    return radiiOf({ lower, upper })[entry]! / radius;
  });
}

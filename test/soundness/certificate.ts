/** From a graph and a schedule request to what the certificate says in float64, every stage and pass verified on the way. */

import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import { checkDual } from '../../compiler/3-dual/check-dual.ts';
import type { DualNetwork } from '../../compiler/3-dual/dual.ts';
import { whyNot } from '../../compiler/4-schedule/applies.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { checkPlan } from '../../compiler/4-schedule/check-plan.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import type { CostOf } from '../../compiler/4-schedule/cost-of.ts';
import { type Cost, type Schedule, type Strategy, singlesOf } from '../../compiler/4-schedule/plan.ts';
import { checkProgram } from '../../compiler/5-program/check-program.ts';
import { interpret, type ProgramInputs } from '../../compiler/5-program/interpret.ts';
import { lowerRobustLoss } from '../../compiler/5-program/lower-loss.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import type { TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { gradient } from '../../compiler/6-passes/gradient.ts';
import { passList } from '../../compiler/6-passes/pass-list.ts';
import { runPasses } from '../../compiler/6-passes/run-passes.ts';
import { candidateCosts } from '../../compiler/candidate-cost.ts';
import { defaultOptions } from '../../compiler/options.ts';
import type { RandomNetwork } from '../support/random-network.ts';
import { type Cell, cellsOf } from './coverage.ts';

export interface PlanRequest {
  readonly name: string;
  /** As after `--bounds`. */
  readonly bounds: string;
  /** Small numbers make rows walk in chunks. */
  readonly memoryBytes: number;
  /** Where it applies, only rows of undecided neurons walk, in the way that is asked for: so many at a time; of all of them, or of none and then all. */
  readonly sparse?: { readonly size: number; readonly atMost: 'all' | 'none' };
}

export interface Certificate {
  readonly margins: Float64Array;
  /** By nonlinearity. */
  readonly bounds: Readonly<Record<string, { readonly lower: Float64Array; readonly upper: Float64Array }>>;
}

/** What each bound was computed by. */
export type StrategyCount = Record<string, number>;

export interface Planned {
  readonly dual: DualNetwork;
  /** Made when it is asked for. */
  readonly certificate: TensorProgram;
  /** The same program before any pass. */
  readonly lowered: TensorProgram;
  /** Robust loss of the plan that trains, with its gradients. Made when it is asked for. */
  readonly loss: TensorProgram;
  readonly strategies: StrategyCount;
  /** What the certificate was computed through. */
  readonly cells: readonly Cell[];
}

/** Something done wrong on purpose, so that a test can see whether the checks find it. */
export interface Mistake {
  readonly inDual?: (dual: DualNetwork) => DualNetwork;
  /** In the certificate, before any pass. */
  readonly inProgram?: (program: TensorProgram) => TensorProgram;
}

const noTrace = (): void => {};

interface Weighed {
  readonly dual: DualNetwork;
  readonly costOf: CostOf;
}

/** What a candidate costs is found once for all schedules of a network. */
function weighed(dual: DualNetwork): Weighed {
  const fresh = candidateCosts(dual);
  const known = new Map<string, Cost>();
  return {
    dual,
    costOf: (bound, strategy, setting) => {
      const key = JSON.stringify([bound.name, strategy, setting.arithmetic.kind, setting.examples]);
      const cost = known.get(key) ?? fresh(bound, strategy, setting);
      known.set(key, cost);
      return cost;
    },
  };
}

const duals = new WeakMap<LayerGraph, Weighed>();

export function dualOf(graph: LayerGraph): Weighed {
  const known = duals.get(graph);
  if (known !== undefined) return known;
  const dual = buildDual(graph);
  checkDual(dual);
  const made = weighed(dual);
  duals.set(graph, made);
  return made;
}

type Options = Partial<typeof defaultOptions>;

/** The strategies that a request comes to. Throws whatever `chooseSchedule` does for a request that cannot be met. */
export function scheduleFor(
  { dual, costOf }: Weighed,
  batch: number,
  { bounds, memoryBytes, sparse }: PlanRequest,
  options: Options,
): Schedule {
  const scheduleOptions = {
    ...defaultOptions,
    projections: 3,
    arithmetic: 'real' as const,
    ...options,
    requests: parseBoundsRequest(bounds),
    memoryBytes,
    certifyBatch: batch,
    trainBatch: batch,
  };
  const schedule = chooseSchedule(dual, scheduleOptions, costOf);
  if (sparse === undefined) return schedule;
  const choices = schedule.certify.choices.map(({ bound, strategy, macs, milliseconds, bytesPerExample, why }) => ({
    ...{ bound, macs, milliseconds, bytesPerExample, why },
    strategy: asSparse(dual, bound, strategy, sparse),
    // They would all be weighed, for nobody.
    alternatives: [],
  }));
  return { ...schedule, certify: { ...schedule.certify, choices } };
}

function asSparse(
  dual: DualNetwork,
  name: string,
  rows: Strategy,
  { size, atMost }: NonNullable<PlanRequest['sparse']>,
): Strategy {
  const bound = dual.bounds.find(each => each.name === name)!;
  const walk = rows.kind === 'backward' || rows.kind === 'patches';
  if (!walk || whyNot('sparse', bound, dual, 'certify') !== null) return rows;
  const most = atMost === 'all' ? bound.rowCount : 0;
  return { kind: 'sparse', rows, size: Math.min(size, bound.rowCount), atMost: most };
}

interface RightPlan {
  readonly schedule: Schedule;
  /** The certificate before any pass. */
  readonly program: TensorProgram;
}

const rightPlans = new WeakMap<Weighed, Map<string, RightPlan>>();

/** Found once for all mistakes that are made in a network. */
function rightPlan(taken: Weighed, batch: number, request: PlanRequest, options: Options): RightPlan {
  const ofNetwork = rightPlans.get(taken) ?? new Map<string, RightPlan>();
  rightPlans.set(taken, ofNetwork);
  const key = JSON.stringify([batch, request, options]);
  const known = ofNetwork.get(key);
  if (known !== undefined) return known;
  const schedule = scheduleFor(taken, batch, request, options);
  for (const plan of [schedule.certify, schedule.train]) checkPlan(plan, taken.dual);
  const made = { schedule, program: lowerCertificate(taken.dual, schedule.certify) };
  ofNetwork.set(key, made);
  return made;
}

/** Throws `InternalError` when a verifier refuses a stage, and whatever `chooseSchedule` does for a request that cannot be met. */
export function planFor(
  network: Pick<RandomNetwork, 'graph' | 'batch'>,
  request: PlanRequest,
  { mistake = {}, ...options }: Options & { readonly mistake?: Mistake } = {},
): Planned {
  const right = dualOf(network.graph);
  const taken = mistake.inDual === undefined ? right : weighed(mistake.inDual(right.dual));
  const { dual } = taken;
  const { schedule, program } = rightPlan(taken, network.batch, request, options);
  const lowered = mistake.inProgram?.(program) ?? program;
  checkProgram(lowered);
  const strategies: StrategyCount = {};
  for (const { strategy, bound } of schedule.certify.choices.flatMap(choice =>
    singlesOf(choice.strategy).map(strategy => ({ bound: choice.bound, strategy })),
  )) {
    const { rowCount, of } = dual.bounds.find(({ name }) => name === bound)!;
    const channels = dual.graph.layers.find(({ id }) => id === of)?.shape.at(-1) ?? 1;
    const isChunked =
      (strategy.kind === 'backward' && strategy.chunk < rowCount) ||
      (strategy.kind === 'patches' && strategy.positions < rowCount / channels);
    const kinds = [
      isChunked ? `${strategy.kind} in chunks` : strategy.kind,
      ...(strategy.kind === 'sparse' ? [`sparse ${strategy.rows.kind}`] : []),
    ];
    for (const kind of kinds) strategies[kind] = (strategies[kind] ?? 0) + 1;
  }
  return {
    dual,
    lowered,
    get certificate() {
      return runPasses(lowered, passList, noTrace);
    },
    get loss() {
      const loss = lowerRobustLoss(dual, schedule.train);
      checkProgram(loss);
      return runPasses(loss, [gradient({ of: 'crossEntropy', keep: true, for: 'params' }), ...passList], noTrace);
    },
    strategies,
    cells: cellsOf(dual, schedule.certify),
  };
}

/** An example or more with its network: random, or one of the golden cases. */
export type Subject = Pick<RandomNetwork, 'graph' | 'batch' | 'x' | 'labels' | 'epsilon' | 'params'>;

export const programInputs = ({ batch, x, labels, epsilon, params }: Subject): ProgramInputs => ({
  batchSize: batch,
  inputs: { x, labels, epsilon: [epsilon] },
  params,
});

export function certificateOf(
  network: Subject,
  { certificate, dual }: Pick<Planned, 'certificate' | 'dual'>,
): Certificate {
  const outputs = interpret(certificate, programInputs(network));
  const data = (name: string): Float64Array => outputs[name]!.data;
  const relus = [...dual.boundOfNonlinearity.keys()];
  const bounds = relus.map(relu => [
    relu,
    { lower: data(`bounds.${relu}.lower`), upper: data(`bounds.${relu}.upper`) },
  ]);
  return { margins: data('margins'), bounds: Object.fromEntries(bounds) };
}

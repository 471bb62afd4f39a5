/** Chooses a strategy for every bound: one plan that proves, one that trains. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { whyNot } from './applies.ts';
import {
  type BoundsRequest,
  BoundsRequestError,
  checkRequestedBounds,
  type Purpose,
  type RequestedStrategy,
  requestFor,
} from './bounds-request.ts';
import { chunkRows } from './chunk-rows.ts';
import { type CostModel, costModel } from './cost-model.ts';
import type { Alternative, Choice, Cost, Plan, ScaleEstimator, Schedule, Strategy } from './plan.ts';

export interface ScheduleOptions {
  readonly requests: readonly BoundsRequest[];
  readonly projections: number;
  readonly estimator: ScaleEstimator;
  /** Bytes that the tensors of one call may take, and the batch they are meant for. */
  readonly memoryBytes: number;
  readonly certifyBatch: number;
  readonly trainBatch: number;
}

/** Throws `BoundsRequestError` when a request names an unknown bound, does not apply, or would certify with an estimate. */
export function chooseSchedule(dual: DualNetwork, options: ScheduleOptions): Schedule {
  checkRequestedBounds(
    options.requests,
    dual.bounds.map(bound => bound.name),
  );
  const plan = (purpose: Purpose): Plan => {
    const examples = purpose === 'certify' ? options.certifyBatch : options.trainBatch;
    const setting: Setting = { dual, purpose, options, examples, costs: costModel(dual, examples) };
    return { purpose, choices: dual.bounds.map(bound => chooseFor(bound, setting)) };
  };
  return { certify: plan('certify'), train: plan('train') };
}

interface Setting {
  readonly dual: DualNetwork;
  readonly purpose: Purpose;
  readonly options: ScheduleOptions;
  readonly examples: number;
  readonly costs: CostModel;
}

interface Candidate extends Cost {
  readonly strategy: Strategy;
}

function chooseFor(bound: Bound, setting: Setting): Choice {
  const { purpose, options, dual } = setting;
  const candidates = candidatesFor(bound, setting);
  const requested = requestFor(options.requests, purpose, bound.name);
  const { chosen, why } =
    requested === null ? preferred(candidates, purpose) : asked(requested, candidates, bound, purpose, dual);
  const alternatives = candidates
    .filter(candidate => candidate !== chosen)
    .map((candidate): Alternative => ({ ...candidate, why: against(candidate, chosen, purpose) }));
  return { ...chosen, bound: bound.name, why, alternatives };
}

function candidatesFor(bound: Bound, { purpose, options, dual, costs, examples }: Setting): Candidate[] {
  const { projections, estimator, memoryBytes } = options;
  const fitting = (count: number, cost: Cost): number => chunkRows(count, cost.bytesPerExample * examples, memoryBytes);
  const chunk = bound.rows === 'margins' ? bound.rowCount : fitting(bound.rowCount, costs.backward(bound, 1));
  const channels = dual.graph.layers.find(layer => layer.id === bound.of)?.shape.at(-1) ?? 1;
  const positions = fitting(bound.rowCount / channels, costs.patches(bound, 1));
  const all: Candidate[] = [
    { strategy: { kind: 'closedForm' }, ...costs.closedForm(bound) },
    { strategy: { kind: 'patches', positions }, ...costs.patches(bound, positions) },
    { strategy: { kind: 'backward', chunk }, ...costs.backward(bound, chunk) },
    { strategy: { kind: 'interval' }, ...costs.interval(bound) },
    { strategy: { kind: 'sketch', projections, estimator }, ...costs.sketch(bound, projections) },
  ];
  return all.filter(({ strategy }) => whyNot(strategy.kind, bound, dual, purpose) === null);
}

interface Decision {
  readonly chosen: Candidate;
  readonly why: string;
}

function preferred(candidates: readonly Candidate[], purpose: Purpose): Decision {
  const of = (kind: Strategy['kind']): Candidate | undefined =>
    candidates.find(({ strategy }) => strategy.kind === kind);
  const closed = of('closedForm');
  if (closed !== undefined) return { chosen: closed, why: 'one matrix from the input: exact, no row has to walk' };
  const [backward, patches, sketch] = [of('backward'), of('patches'), of('sketch')];
  if (backward === undefined) throw new BoundsRequestError('no strategy applies');
  if (purpose === 'certify') {
    if (patches !== undefined && patches.macs < backward.macs) {
      return { chosen: patches, why: `exact; ${ratio(backward, patches)} cheaper than rows over whole maps` };
    }
    return { chosen: backward, why: 'the tightest deterministic bound of these' };
  }
  if (sketch === undefined) return { chosen: backward, why: 'few rows: exact costs little' };
  return sketch.macs < backward.macs
    ? { chosen: sketch, why: `an estimate is enough to train; ${ratio(backward, sketch)} cheaper than exact rows` }
    : { chosen: backward, why: 'exact rows cost no more than a sketch' };
}

function asked(
  requested: RequestedStrategy,
  candidates: readonly Candidate[],
  bound: Bound,
  purpose: Purpose,
  dual: DualNetwork,
): Decision {
  const find = (kind: Strategy['kind']): Candidate | undefined =>
    candidates.find(({ strategy }) => strategy.kind === kind);
  if (requested === 'sketch' && purpose === 'certify') {
    throw new BoundsRequestError(
      `a sketch is an estimate, not a proof: it cannot certify ${bound.name}; write train:sketch`,
    );
  }
  const exact = find('closedForm') ?? preferredRows(find('patches'), find('backward'));
  const chosen = {
    exact,
    'closed-form': find('closedForm'),
    backward: find('backward'),
    patches: find('patches'),
    // Where one matrix leads from the input, closed form is the interval bound; for l2 it is tighter.
    interval: find('closedForm') ?? find('interval'),
    sketch: find('sketch') === undefined || find('closedForm') !== undefined ? exact : find('sketch'),
  }[requested];
  if (chosen !== undefined) return { chosen, why: `asked for: ${requested}` };
  const kind = requested === 'closed-form' ? 'closedForm' : (requested as Strategy['kind']);
  throw new BoundsRequestError(`${requested} does not apply to ${bound.name}: ${whyNot(kind, bound, dual, purpose)}`);
}

const preferredRows = (patches: Candidate | undefined, backward: Candidate | undefined): Candidate | undefined =>
  patches !== undefined && backward !== undefined && patches.macs < backward.macs ? patches : backward;

function against(candidate: Candidate, chosen: Candidate, purpose: Purpose): string {
  const price = comparedTo(candidate, chosen);
  if (candidate.strategy.kind === 'interval') return `not comparable in tightness, mostly looser; ${price}`;
  if (candidate.strategy.kind === 'sketch') return `an estimate; ${price}`;
  return purpose === 'train' && chosen.strategy.kind !== 'closedForm' ? `exact; ${price}` : price;
}

const comparedTo = (candidate: Cost, chosen: Cost): string =>
  candidate.macs < chosen.macs ? `${ratio(chosen, candidate)} cheaper` : `${ratio(candidate, chosen)} dearer`;

const ratio = (dear: Cost, cheap: Cost): string => {
  const factor = dear.macs / Math.max(1, cheap.macs);
  return `${factor >= 10 ? Math.round(factor) : factor.toFixed(1)} times`;
};

/** Chooses a strategy for every bound: one plan that proves, one that trains. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { found } from '../shared/assert.ts';
import { whyNot } from './applies.ts';
import {
  type BoundsRequest,
  BoundsRequestError,
  type Purpose,
  type RequestedStrategy,
  requestFor,
  resolveRequests,
} from './bounds-request.ts';
import { chunkRows } from './chunk-rows.ts';
import { type CostModel, costModel } from './cost-model.ts';
import type {
  Alternative,
  Arithmetic,
  Choice,
  Cost,
  Plan,
  ScaleEstimator,
  Schedule,
  Strategy,
  StrategyKind,
} from './plan.ts';
import { roundingTable } from './rounding-terms.ts';

export interface ScheduleOptions {
  readonly requests: readonly BoundsRequest[];
  readonly projections: number;
  readonly estimator: ScaleEstimator;
  /** Bytes that the tensors of one call may take, and the batch they are meant for. */
  readonly memoryBytes: number;
  readonly certifyBatch: number;
  readonly trainBatch: number;
  /** Of the plan that certifies. `real` is for comparisons in tests: a module of it certifies nothing. */
  readonly arithmetic: 'float32' | 'real';
}

/** Throws `BoundsRequestError` when a request names an unknown bound, does not apply, or would certify with an estimate. */
export function chooseSchedule(dual: DualNetwork, options: ScheduleOptions): Schedule {
  const requests = resolveRequests(options.requests, dual);
  const plan = (purpose: Purpose): Plan => {
    const examples = purpose === 'certify' ? options.certifyBatch : options.trainBatch;
    const setting: Setting = {
      dual,
      purpose,
      options: { ...options, requests },
      examples,
      costs: costModel(dual, examples),
    };
    const arithmetic: Arithmetic =
      purpose === 'certify' && options.arithmetic === 'float32'
        ? { kind: 'float32', roundings: roundingTable(dual.graph) }
        : { kind: 'real' };
    return { purpose, arithmetic, choices: dual.bounds.map(bound => chooseFor(bound, setting)) };
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
  const { purpose, options } = setting;
  const candidates = candidatesFor(bound, setting);
  const requested = requestFor(options.requests, purpose, bound.name);
  const { chosen, why } =
    requested === null ? preferred(candidates, purpose) : asked(requested, candidates, bound, setting);
  const alternatives = candidates
    .filter(candidate => candidate !== chosen)
    .toSorted((a, b) => rank(a) - rank(b) || a.macs - b.macs)
    .map((candidate): Alternative => ({ ...candidate, why: against(candidate, chosen) }));
  return { ...chosen, bound: bound.name, why, alternatives };
}

/** Exact ones stand before the loose and the estimated. */
const rank = ({ strategy }: Candidate): number => (isExact(strategy) ? 0 : 1);
const isExact = ({ kind }: Strategy): boolean => kind !== 'interval' && kind !== 'sketch';

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

const ofKind = (candidates: readonly Candidate[], kind: StrategyKind): Candidate | undefined =>
  candidates.find(({ strategy }) => strategy.kind === kind);

function preferred(candidates: readonly Candidate[], purpose: Purpose): Decision {
  const exact = cheapestExact(candidates);
  if (exact.chosen.strategy.kind === 'closedForm' || purpose === 'certify') return exact;
  const sketch = ofKind(candidates, 'sketch');
  if (sketch === undefined) return { ...exact, why: 'few rows: exact costs little' };
  return sketch.macs < exact.chosen.macs
    ? { chosen: sketch, why: `an estimate is enough to train; ${ratio(exact.chosen, sketch)} cheaper than exact rows` }
    : { ...exact, why: 'exact rows cost no more than a sketch' };
}

/** Of the strategies that all give the tightest bound. */
function cheapestExact(candidates: readonly Candidate[]): Decision {
  const closed = ofKind(candidates, 'closedForm');
  if (closed !== undefined) return { chosen: closed, why: 'one matrix from the input: exact, no row has to walk' };
  const backward = found(ofKind(candidates, 'backward'), 'backward, which always applies');
  const patches = ofKind(candidates, 'patches');
  if (patches === undefined) return { chosen: backward, why: 'the tightest deterministic bound of these' };
  return patches.macs < backward.macs
    ? { chosen: patches, why: `exact; ${ratio(backward, patches)} cheaper than rows over whole maps` }
    : { chosen: backward, why: 'exact; rows over whole maps cost no more than windows' };
}

/** What the user wrote. Asked of one bound it is done or refused; asked of all it gives way where exactness costs no more. */
function asked(request: BoundsRequest, candidates: readonly Candidate[], bound: Bound, setting: Setting): Decision {
  const { dual, purpose } = setting;
  const { strategy: requested } = request;
  if (requested === 'sketch' && purpose === 'certify') {
    const instead = request.bound === null ? 'train:sketch' : `train:${bound.name}=sketch`;
    throw new BoundsRequestError(
      `a sketch is an estimate, not a proof: it cannot certify ${bound.name}; write ${instead}`,
    );
  }
  const exact = cheapestExact(candidates);
  if (requested === 'exact') return { ...exact, why: `asked for: exact; ${exact.why}` };
  const kind = kindOf[requested];
  const chosen = ofKind(candidates, kind);
  if (request.bound === null && (kind === 'sketch' || kind === 'interval')) {
    const closed = exact.chosen.strategy.kind === 'closedForm';
    if (closed) return { ...exact, why: `asked for: ${requested}; one matrix from the input: exact costs no more` };
    if (chosen === undefined) return { ...exact, why: `asked for: ${requested}; few rows: exact costs little` };
  }
  if (chosen !== undefined) return { chosen, why: `asked for: ${requested}` };
  throw new BoundsRequestError(
    `${requested} does not apply to ${bound.name} (to ${purpose}): ${whyNot(kind, bound, dual, purpose)}`,
  );
}

const kindOf = {
  'closed-form': 'closedForm',
  backward: 'backward',
  patches: 'patches',
  interval: 'interval',
  sketch: 'sketch',
} as const satisfies Record<Exclude<RequestedStrategy, 'exact'>, StrategyKind>;

function against(candidate: Candidate, chosen: Candidate): string {
  const price = comparedTo(candidate, chosen);
  if (candidate.strategy.kind === 'interval') return `not comparable in tightness, mostly looser; ${price}`;
  if (candidate.strategy.kind === 'sketch') return `an estimate; ${price}`;
  return isExact(chosen.strategy) ? price : `exact; ${price}`;
}

function comparedTo(candidate: Cost, chosen: Cost): string {
  if (candidate.macs === chosen.macs) return 'as many multiply-adds';
  return candidate.macs < chosen.macs ? `${ratio(chosen, candidate)} cheaper` : `${ratio(candidate, chosen)} dearer`;
}

const ratio = (dear: Cost, cheap: Cost): string => {
  const factor = dear.macs / Math.max(1, cheap.macs);
  return `${factor >= 10 ? Math.round(factor) : factor.toFixed(1)} times`;
};

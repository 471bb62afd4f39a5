/** Chooses a strategy for every bound: one plan that proves, one that trains. */
import type { Bound, DualNetwork } from '../3-dual/dual.ts';
import { assertNever, found } from '../shared/assert.ts';
import { alternativesTo, familyOf } from './alternatives.ts';
import { meetsNonlinearity, whyNot } from './applies.ts';
import {
  type BoundsRequest,
  BoundsRequestError,
  isEstimate,
  type Purpose,
  printRequested,
  type RequestedKind,
  type RequestedStrategy,
  requestFor,
  resolveRequests,
} from './bounds-request.ts';
import { type Candidate, candidateOf, type ScheduleOptions, type Setting, type SingleCandidate } from './candidate.ts';
import { chunkRows } from './chunk-rows.ts';
import type { CostOf } from './cost-of.ts';
import { cheapestExact, fewestExactMacs, type Weigh, type Weighing } from './exact-candidate.ts';
import type { Arithmetic, Choice, Cost, Plan, RelaxationKind, Schedule, SingleStrategy, StrategyKind } from './plan.ts';
import { positionsOf } from './positions.ts';
import { ratio, timesMoreMacs } from './prices.ts';
import { withTails } from './probability.ts';
import { beforeTails, preferredWithProbability, refuseContradictions } from './probable-candidate.ts';
import { roundingTable } from './rounding-terms.ts';
import { sparseCandidate } from './sparse-candidate.ts';

/** Throws `BoundsRequestError` when a request names an unknown bound, does not apply, or would certify with an estimate. */
export function chooseSchedule(dual: DualNetwork, options: ScheduleOptions, costOf: CostOf): Schedule {
  const requests = resolveRequests(options.requests, dual);
  if (options.probability !== null) refuseContradictions(requests);
  const plan = (purpose: Purpose): Plan => {
    const examples = purpose === 'certify' ? options.certifyBatch : options.trainBatch;
    const arithmetic: Arithmetic =
      purpose === 'certify' && options.arithmetic === 'float32'
        ? { kind: 'float32', roundings: roundingTable(dual.graph) }
        : { kind: 'real' };
    const setting: Setting = {
      dual,
      purpose,
      options: { ...options, requests },
      costOf: (bound, strategy) => costOf(bound, strategy, { arithmetic, examples }),
      examples,
    };
    const choices = dual.bounds.map(bound => chooseFor(bound, setting));
    const probability = purpose === 'certify' ? options.probability : null;
    return withTails({ purpose, arithmetic, probability: null, choices }, dual, probability);
  };
  return { certify: plan('certify'), train: plan('train') };
}

function chooseFor(bound: Bound, setting: Setting): Choice {
  const { purpose, options } = setting;
  const weighing: Weighing = {
    fitting: keeping((kind, relaxation) =>
      candidateFor(kind, relaxation, bound, setting, { weighing, sized: fitting }),
    ),
    atOnce: keeping((kind, relaxation) => candidateFor(kind, relaxation, bound, setting, { weighing, sized: atOnce })),
  };
  const requested = requestFor(options.requests, purpose, bound.name);
  const { chosen, why } =
    requested === null ? preferred(weighing, bound, setting) : asked(requested, weighing, bound, setting);
  return {
    ...chosen,
    bound: bound.name,
    why,
    get alternatives() {
      return alternativesTo(chosen, weighing.fitting, bound);
    },
  };
}

/** What was weighed once is not weighed again. */
function keeping(weigh: Weigh): Weigh {
  const weighed = new Map<string, SingleCandidate | undefined>();
  return (kind, relaxation) => {
    const key = `${kind}/${relaxation}`;
    if (!weighed.has(key)) weighed.set(key, weigh(kind, relaxation));
    return weighed.get(key);
  };
}

/** In which strategies rows can meet lines of two slopes. */
const rowsWalk: Readonly<Record<StrategyKind, boolean>> = {
  closedForm: false,
  sparse: true,
  patches: true,
  backward: true,
  interval: false,
  sketch: false,
  perLayerSketch: false,
  probable: false,
};

function candidateFor(
  kind: StrategyKind,
  relaxation: RelaxationKind,
  bound: Bound,
  setting: Setting,
  { weighing, sized }: { readonly weighing: Weighing; readonly sized: Sized },
): SingleCandidate | undefined {
  const { purpose, options, dual, costOf } = setting;
  if (whyNot(kind, bound, dual, purpose) !== null) return undefined;
  // Where no rows walk, or none meets a nonlinearity, there are no lines to choose.
  if (relaxation !== 'band' && !(rowsWalk[kind] && meetsNonlinearity(bound))) return undefined;
  const weighed = (strategy: SingleStrategy): SingleCandidate => candidateOf(strategy, costOf(bound, strategy));
  switch (kind) {
    case 'closedForm':
    case 'interval':
      return weighed({ kind });
    case 'patches':
      return sized(positionsOf(bound, dual), setting, positions => weighed({ kind, relaxation, positions }));
    case 'backward':
      return bound.rows === 'margins'
        ? weighed({ kind, relaxation, chunk: bound.rowCount })
        : sized(bound.rowCount, setting, chunk => weighed({ kind, relaxation, chunk }));
    case 'sparse':
      return sparseCandidate(bound, setting, {
        all: cheapestExact(weighing, relaxation).chosen,
        interval: weighing.fitting('interval', 'band'),
      });
    case 'sketch':
    case 'perLayerSketch':
      return weighed({ kind, projections: options.projections, estimator: options.estimator });
    case 'probable':
      return options.probability === null ? undefined : weighed(beforeTails(options.probability));
    default:
      return assertNever(kind);
  }
}

/** How many rows or positions, of so many, a candidate takes at a time. */
type Sized = (count: number, setting: Setting, weigh: (size: number) => SingleCandidate) => SingleCandidate;

const fitting: Sized = (count, { options, examples }, weigh) =>
  chunkRows({ rowCount: count, most: count }, options.memoryBytes, size => {
    const candidate = weigh(size);
    return { candidate, bytes: candidate.bytesPerExample * examples };
  }).weighed.candidate;

const atOnce: Sized = (count, _setting, weigh) => weigh(count);

interface Decision<C extends Candidate = Candidate> {
  readonly chosen: C;
  readonly why: string;
}

const manyRows = 32;

function preferred(weighing: Weighing, bound: Bound, setting: Setting): Decision {
  const weigh = weighing.fitting;
  if (setting.purpose === 'certify' && setting.options.probability !== null) return preferredWithProbability(weighing);
  return weigh('closedForm', 'band') === undefined && setting.purpose === 'train'
    ? preferredToTrain(weighing)
    : preferredToCertify(weighing, bound, setting);
}

function preferredToCertify(weighing: Weighing, bound: Bound, setting: Setting): Decision {
  const exact = cheapestExact(weighing, 'band');
  // Where rows are so few, weighing sparse ones takes longer than they could ever save.
  if (exact.chosen.strategy.kind === 'closedForm' || bound.rowCount < manyRows) return exact;
  const sparse = weighing.fitting('sparse', 'band');
  if (sparse === undefined || sparse.milliseconds >= exact.chosen.milliseconds || !fits(sparse, exact.chosen, setting))
    return exact;
  const price = `${ratio(exact.chosen, sparse)} cheaper where they are an eighth of all`;
  return { chosen: sparse, why: `exact for the neurons that intervals leave undecided; ${price}` };
}

function preferredToTrain(weighing: Weighing): Decision {
  const sketch = weighing.fitting('sketch', 'band');
  const because = (sketched: Cost, exact: Pick<Cost, 'macs'>): string =>
    `an estimate is enough to train; exact rows take ${timesMoreMacs(exact, sketched)}`;
  if (sketch !== undefined) {
    const macs = fewestExactMacs(weighing);
    if (sketch.macs < macs) return { chosen: sketch, why: because(sketch, { macs }) };
  }
  const { chosen } = cheapestExact(weighing, 'band');
  if (sketch === undefined) return { chosen, why: 'few rows: exact costs little' };
  return sketch.macs < chosen.macs
    ? { chosen: sketch, why: because(sketch, chosen) }
    : { chosen, why: 'exact rows take no more multiply-adds than a sketch' };
}

/** In memory, or in no more than another takes too. */
const fits = (candidate: Cost, other: Cost, { options, examples }: Setting): boolean =>
  candidate.bytesPerExample <= Math.max(other.bytesPerExample, options.memoryBytes / examples);

/** What the user wrote. Asked of one bound it is done or refused; asked of all it gives way where exactness costs no more. */
function asked(request: BoundsRequest, weighing: Weighing, bound: Bound, setting: Setting): Decision {
  const decisions = request.strategies.map(strategy => askedSingle(request, strategy, weighing, bound, setting));
  const different = new Map(decisions.map(decision => [familyOf(decision.chosen.strategy), decision]));
  const [first, ...others] = [...different.values()];
  const decision = found(first, 'a strategy');
  if (others.length === 0) return decision;
  const parts = [decision, ...others].map(({ chosen }) => chosen);
  return {
    chosen: {
      strategy: { kind: 'best', of: parts.map(({ strategy }) => strategy) },
      macs: parts.reduce((sum, { macs }) => sum + macs, 0),
      milliseconds: parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
      bytesPerExample: Math.max(...parts.map(({ bytesPerExample }) => bytesPerExample)),
    },
    why: `asked for: the better of ${request.strategies.map(printRequested).join(' and ')}, entry by entry`,
  };
}

function askedSingle(
  request: BoundsRequest,
  requested: RequestedStrategy,
  weighing: Weighing,
  bound: Bound,
  { dual, purpose, options }: Setting,
): Decision<SingleCandidate> {
  const withProbability = requested.kind === 'sketch' && options.probability !== null;
  if (isEstimate(requested) && purpose === 'certify' && !withProbability) {
    const instead = request.bound === null ? `train:${requested.kind}` : `train:${bound.name}=${requested.kind}`;
    throw new BoundsRequestError(
      `a sketch is an estimate, not a proof: it cannot certify ${bound.name}; write ${instead}`,
    );
  }
  const weigh = weighing.fitting;
  const what = printRequested(requested);
  if (requested.kind === 'exact') {
    const exact = cheapestExact(weighing, requested.relaxation);
    return { ...exact, why: `asked for: ${what}; ${exact.why}` };
  }
  const kind = purpose === 'certify' && withProbability ? 'probable' : kindOf[requested.kind];
  const chosen = weigh(kind, requested.relaxation) ?? weigh(kind, 'band');
  if (request.bound === null && kind === 'sparse' && chosen === undefined) {
    const exact = cheapestExact(weighing, requested.relaxation);
    return { ...exact, why: `asked for: ${what}; ${exact.why}` };
  }
  if (request.bound === null && (isEstimate(requested) || kind === 'interval')) {
    const closed = weigh('closedForm', 'band');
    if (closed !== undefined)
      return { chosen: closed, why: `asked for: ${what}; one matrix from the input: exact costs no more` };
    if (chosen === undefined)
      return { ...cheapestExact(weighing, 'band'), why: `asked for: ${what}; few rows: exact costs little` };
  }
  if (chosen !== undefined) return { chosen, why: `asked for: ${what}` };
  throw new BoundsRequestError(
    `${what} does not apply to ${bound.name} (to ${purpose}): ${whyNot(kind, bound, dual, purpose)}`,
  );
}

const kindOf = {
  'closed-form': 'closedForm',
  backward: 'backward',
  patches: 'patches',
  sparse: 'sparse',
  interval: 'interval',
  sketch: 'sketch',
  'sketch:per-layer': 'perLayerSketch',
} as const satisfies Partial<Record<RequestedKind, StrategyKind>>;

/**
 * What the user asked of the schedule, `--bounds`: items separated by commas, each `[certify:|train:][LAYER=]STRATEGY`.
 *
 *     interval                    both plans
 *     train:sketch                the plan that trains
 *     relu2=interval              one bound, in both plans
 *     margins=backward/crown      rows of the margins meet CROWN's lines on their way
 *     certify:crown               every bound that proves something, by the cheapest strategy
 *     certify:best(band, crown)   both, and the better one entry by entry
 *
 * Strategies: `exact` (the cheapest of the next three that applies), `closed-form`, `backward`, `patches`; `sparse` (as `exact`, but of rows only
 * those that intervals leave undecided walk), `interval`, `sketch`, `sketch:per-layer`. A sketch trains; where a probability is asked for, `sketch`
 * certifies too, by a strategy of its own (`probable`). The lines that
 * rows meet follow a slash where rows walk, `/band` (as without) or `/crown`; `band` and `crown` alone stand for `exact/band` and `exact/crown`.
 */
import type { DualNetwork } from '../3-dual/dual.ts';
import { nearestName } from '../diagnostics/did-you-mean.ts';
import type { RelaxationKind } from './plan.ts';

export const requestedStrategies = [
  'exact',
  'sparse',
  'closed-form',
  'backward',
  'patches',
  'interval',
  'sketch',
  'sketch:per-layer',
] as const;
export type RequestedKind = (typeof requestedStrategies)[number];
export type Purpose = 'certify' | 'train';

export interface RequestedStrategy {
  readonly kind: RequestedKind;
  readonly relaxation: RelaxationKind;
}

export interface BoundsRequest {
  readonly purpose: Purpose | null;
  /** Name of a bound; null for every one. */
  readonly bound: string | null;
  /** One, or several of which the better is wanted. */
  readonly strategies: readonly RequestedStrategy[];
}

/** The request cannot be met; the message says why and what would do. */
export class BoundsRequestError extends Error {
  override readonly name = 'BoundsRequestError';
}

/** Throws `BoundsRequestError` for an item that does not read as above. */
export function parseBoundsRequest(text: string): BoundsRequest[] {
  return itemsOf(text).map(parseItem);
}

/** At commas, but not at those between parentheses. */
const itemsOf = (text: string): string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map(item => item.trim())
    .filter(item => item !== '');

function parseItem(item: string): BoundsRequest {
  const match = /^(?:(?!sketch:)(\w+):)?(?:(\w+)=)?(sketch:[\w-]*|[\w-]+(?:\/[\w/-]*)?|\w+\([^()]*\))$/.exec(item);
  if (match === null) throw new BoundsRequestError(`cannot read '${item}': write [certify:|train:][LAYER=]STRATEGY`);
  const [, purpose = null, bound = null, strategy = ''] = match;
  if (purpose !== null && !isPurpose(purpose))
    throw new BoundsRequestError(
      `'${purpose}:' names no schedule (certify:, train:)${didYouMean(purpose, purposes, ':')}`,
    );
  return { purpose, bound, strategies: parseStrategies(strategy) };
}

function parseStrategies(text: string): RequestedStrategy[] {
  const call = /^(\w+)\(([^()]*)\)$/.exec(text);
  if (call === null) return [parseStrategy(text)];
  const [, name = '', list = ''] = call;
  if (name !== 'best') throw new BoundsRequestError(`'${name}(…)' is not known; write best(STRATEGY, STRATEGY)`);
  const strategies = itemsOf(list).map(parseStrategy);
  if (strategies.length < 2) throw new BoundsRequestError(`'${text}': best needs two strategies, best(band, crown)`);
  if (strategies.some(isEstimate))
    throw new BoundsRequestError(`'${text}': a sketch is an estimate, and the better of it and a bound is neither`);
  return strategies;
}

/** A sketch of either sort. */
export const isEstimate = ({ kind }: RequestedStrategy): boolean => kind === 'sketch' || kind === 'sketch:per-layer';

const relaxations: Readonly<Record<RelaxationKind, RelaxationKind>> = { band: 'band', crown: 'crown' };
const isRelaxation = (text: string): text is RelaxationKind => Object.hasOwn(relaxations, text);

function parseStrategy(text: string): RequestedStrategy {
  if (isRelaxation(text)) return { kind: 'exact', relaxation: text };
  const [kind = '', relaxation = 'band', ...more] = text.split('/');
  if (!isStrategy(kind)) {
    const known = [...requestedStrategies, ...Object.keys(relaxations)];
    throw new BoundsRequestError(`'${kind}' is no strategy (${known.join(', ')})${didYouMean(kind, known)}`);
  }
  const lines = Object.keys(relaxations);
  if (!isRelaxation(relaxation) || more.length > 0)
    throw new BoundsRequestError(
      `'${text}': rows meet the lines of /${lines.join(' or /')}${didYouMean(relaxation, lines)}`,
    );
  if (relaxation !== 'band' && !rowsWalk[kind])
    throw new BoundsRequestError(`'${text}': no rows walk in ${kind}, so that there are no lines to choose`);
  return { kind, relaxation };
}

/** In which strategies rows can meet lines of two slopes. */
const rowsWalk: Readonly<Record<RequestedKind, boolean>> = {
  exact: true,
  sparse: true,
  'closed-form': false,
  backward: true,
  patches: true,
  interval: false,
  sketch: false,
  'sketch:per-layer': false,
};

export const printRequested = ({ kind, relaxation }: RequestedStrategy): string =>
  relaxation === 'band' ? kind : `${kind}/${relaxation}`;

const purposes = ['certify', 'train'] as const;
const isPurpose = (text: string): text is Purpose => (purposes as readonly string[]).includes(text);
const isStrategy = (text: string): text is RequestedKind => (requestedStrategies as readonly string[]).includes(text);

/** The last item that speaks of the bound, those for one bound before those for all. */
export function requestFor(requests: readonly BoundsRequest[], purpose: Purpose, bound: string): BoundsRequest | null {
  const applies = requests.filter(request => request.purpose === null || request.purpose === purpose);
  const own = applies.findLast(request => request.bound === bound);
  return own ?? applies.findLast(request => request.bound === null) ?? null;
}

/**
 * The same requests with every bound under its own name: a nonlinearity that shares a bound with an earlier one has the bound
 * of that one. Refuses names that no bound goes by.
 */
export function resolveRequests(requests: readonly BoundsRequest[], dual: DualNetwork): BoundsRequest[] {
  const names = new Map<string, string>([
    ...dual.boundOfNonlinearity,
    ...dual.bounds.map(({ name }): [string, string] => [name, name]),
  ]);
  return requests.map(request => {
    if (request.bound === null) return request;
    const bound = names.get(request.bound);
    if (bound === undefined) throw new BoundsRequestError(unknownBound(request.bound, dual));
    return { ...request, bound };
  });
}

function unknownBound(written: string, { graph, bounds }: DualNetwork): string {
  const known = bounds.map(({ name }) => name);
  const list = known.length > longestList ? `${known.slice(0, longestList).join(', ')}, …` : known.join(', ');
  const reader = bounds.find(({ of }) => of === written);
  if (reader !== undefined) return `the output of '${written}' is bounded under the name '${reader.name}': write that`;
  if (graph.layers.some(({ id }) => id === written))
    return `'${written}' has no bound: there is one for every nonlinearity and one for the margins, ${list}`;
  return `there is no bound '${written}'; the network has ${list}${didYouMean(written, known)}`;
}

/** Names that one message lists. */
const longestList = 12;

function didYouMean(written: string, names: readonly string[], after = ''): string {
  const near = nearestName(written, names);
  return near === null ? '' : `; did you mean '${near}${after}'?`;
}

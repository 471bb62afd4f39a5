/**
 * What the user asked of the schedule, `--bounds`: items separated by commas, each `[certify:|train:][LAYER=]STRATEGY`.
 *
 *     interval                    both plans
 *     train:sketch                the plan that trains
 *     relu2=interval              one bound, in both plans
 *     train:margins=interval
 *
 * Strategies: `exact` (the cheapest of the next three that applies), `closed-form`, `backward`, `patches`, `interval`, `sketch`.
 */
import type { DualNetwork } from '../3-dual/dual.ts';
import { nearestName } from '../diagnostics/did-you-mean.ts';

export const requestedStrategies = ['exact', 'closed-form', 'backward', 'patches', 'interval', 'sketch'] as const;
export type RequestedStrategy = (typeof requestedStrategies)[number];
export type Purpose = 'certify' | 'train';

export interface BoundsRequest {
  readonly purpose: Purpose | null;
  /** Name of a bound; null for every one. */
  readonly bound: string | null;
  readonly strategy: RequestedStrategy;
}

/** The request cannot be met; the message says why and what would do. */
export class BoundsRequestError extends Error {
  override readonly name = 'BoundsRequestError';
}

/** Throws `BoundsRequestError` for an item that does not read as above. */
export function parseBoundsRequest(text: string): BoundsRequest[] {
  return text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')
    .map(parseItem);
}

function parseItem(item: string): BoundsRequest {
  const match = /^(?:(\w+):)?(?:(\w+)=)?([\w-]+)$/.exec(item);
  if (match === null) throw new BoundsRequestError(`cannot read '${item}': write [certify:|train:][LAYER=]STRATEGY`);
  const [, purpose = null, bound = null, strategy = ''] = match;
  if (purpose !== null && !isPurpose(purpose))
    throw new BoundsRequestError(
      `'${purpose}:' names no schedule (certify:, train:)${didYouMean(purpose, purposes, ':')}`,
    );
  if (!isStrategy(strategy))
    throw new BoundsRequestError(
      `'${strategy}' is no strategy (${requestedStrategies.join(', ')})${didYouMean(strategy, requestedStrategies)}`,
    );
  return { purpose, bound, strategy };
}

const purposes = ['certify', 'train'] as const;
const isPurpose = (text: string): text is Purpose => (purposes as readonly string[]).includes(text);
const isStrategy = (text: string): text is RequestedStrategy =>
  (requestedStrategies as readonly string[]).includes(text);

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

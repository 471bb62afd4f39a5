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
import { closest, distance } from 'fastest-levenshtein';

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
  const match = /^(?:(certify|train):)?(?:([A-Za-z_][\w]*)=)?([a-z-]+)$/.exec(item);
  if (match === null) throw new BoundsRequestError(`cannot read '${item}': write [certify:|train:][LAYER=]STRATEGY`);
  const [, purpose, bound, strategy = ''] = match;
  if (!isStrategy(strategy)) {
    const guess = closest(strategy, [...requestedStrategies]);
    const hint = distance(strategy, guess) <= 3 ? `; did you mean '${guess}'?` : '';
    throw new BoundsRequestError(`'${strategy}' is no strategy (${requestedStrategies.join(', ')})${hint}`);
  }
  return { purpose: (purpose as Purpose | undefined) ?? null, bound: bound ?? null, strategy };
}

const isStrategy = (text: string): text is RequestedStrategy =>
  (requestedStrategies as readonly string[]).includes(text);

/** The last item that speaks of the bound, those for one bound before those for all. */
export function requestFor(
  requests: readonly BoundsRequest[],
  purpose: Purpose,
  bound: string,
): RequestedStrategy | null {
  const applies = requests.filter(request => request.purpose === null || request.purpose === purpose);
  const own = applies.findLast(request => request.bound === bound);
  return (own ?? applies.findLast(request => request.bound === null))?.strategy ?? null;
}

/** Refuses names that are no bound of the network. */
export function checkRequestedBounds(requests: readonly BoundsRequest[], bounds: readonly string[]): void {
  for (const { bound } of requests) {
    if (bound === null || bounds.includes(bound)) continue;
    throw new BoundsRequestError(`there is no bound '${bound}'; the network has ${bounds.join(', ')}`);
  }
}

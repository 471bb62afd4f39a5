/** Comments above steps: the layer that they belong to. */
import { printSpan } from '../../shared/span.ts';
import type { FunctionNames } from './name-functions.ts';

export interface Placing {
  /** Layers of which it is said. */
  readonly placed: Set<string>;
  readonly source: string;
}

/** Where the layer stands in its file is said once in each function. Empty where the comment would say nothing. */
export function placeText({ words }: FunctionNames, local: number, { placed, source }: Placing): string {
  const place = words.placeOf(local);
  if (place === null) return '';
  const span = place.instr?.origin.span ?? null;
  const isPlaced = placed.has(place.layer);
  placed.add(place.layer);
  const name = place.layer === '' ? '(without a name)' : place.layer;
  return span === null || isPlaced
    ? name
    : `${name} (${span.file === source ? `line ${span.start.line}` : printSpan(span)})`;
}

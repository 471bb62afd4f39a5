/** Lists, and the iterators of lists, one element after the other. */
import { type IteratorValue, isList, type ListValue, list, type Value } from '../value.ts';

/** The elements of a value, each looked up when it is drawn, as JavaScript does; null when the value has none. */
export function elementsOf(value: Value): Iterable<Value> | null {
  if (isList(value)) return itemsOf(value);
  return typeof value === 'object' && value?.kind === 'iterator' ? drawnFrom(value) : null;
}

function* itemsOf({ items }: ListValue): Iterable<Value> {
  for (let index = 0; index < items.length; index++) yield items[index];
}

function* drawnFrom(iterator: IteratorValue): Iterable<Value> {
  const { items } = iterator.source;
  while (iterator.position < items.length) {
    const index = iterator.position++;
    yield list([index, items[index]]);
  }
}

/** The first elements as a list; all of them when `count` is null. A list is left as it is. */
export function drawList(value: Value, count: number | null): ListValue | null {
  if (isList(value)) return value;
  const elements = elementsOf(value);
  if (elements === null) return null;
  const drawn: Value[] = [];
  if (count === 0) return list(drawn);
  for (const element of elements) {
    drawn.push(element);
    if (drawn.length === count) break;
  }
  return list(drawn);
}

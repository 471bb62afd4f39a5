/** How much a function does, as a number that is the same on every machine and under any load. */

type Method = (this: { readonly length?: number; readonly size?: number }, ...args: unknown[]) => unknown;
type Change = (method: Method, count: (steps: number) => void) => Method;

/** One step for each element that the callback is called with. */
const perElement: Change = (method, count) =>
  function (callback, ...rest) {
    const counted: Method = function (...args) {
      count(1);
      return (callback as Method).apply(this, args);
    };
    return method.call(this, counted, ...rest);
  };
/** As many steps as there are elements: what is copied, searched or iterated over. */
const perLength: Change = (method, count) =>
  function (...args) {
    count(this.length ?? this.size ?? 0);
    return method.apply(this, args);
  };
const perResult: Change = (method, count) =>
  function (...args) {
    const result = method.apply(this, args);
    count((result as { readonly length: number }).length);
    return result;
  };
const perCall: Change = (method, count) =>
  function (...args) {
    count(1);
    return method.apply(this, args);
  };

const changes: readonly (readonly [object, Change, readonly PropertyKey[]])[] = [
  [Array.prototype, perElement, ['map', 'filter', 'flatMap', 'forEach', 'reduce']],
  [Array.prototype, perElement, ['find', 'findLast', 'findIndex', 'some', 'every']],
  [Array.prototype, perLength, ['includes', 'indexOf', 'join', 'reverse']],
  [Array.prototype, perResult, ['slice', 'concat']],
  [Array.prototype, perLength, ['toReversed', 'toSorted', 'with', 'entries', Symbol.iterator]],
  [Map.prototype, perCall, ['get', 'has', 'set', 'delete']],
  [Set.prototype, perCall, ['add', 'has', 'delete']],
  [Map.prototype, perLength, ['entries', 'keys', 'values', Symbol.iterator]],
  [Set.prototype, perLength, ['values', Symbol.iterator]],
];

/**
 * Steps that `run` takes through lists, maps and sets: reads, copies, searches, all that grows with what they hold. `run` is
 * given a function that says how many there were so far.
 */
export function countingWork<T>(run: (sofar: () => number) => T): T {
  let steps = 0;
  const count = (more: number): void => {
    steps += more;
  };
  const originals: (readonly [object, PropertyKey, PropertyDescriptor])[] = [];
  try {
    for (const [of, change, names] of changes)
      for (const name of names) {
        const original = Object.getOwnPropertyDescriptor(of, name)!;
        originals.push([of, name, original]);
        Object.defineProperty(of, name, { ...original, value: change(original.value as Method, count) });
      }
    return run(() => steps);
  } finally {
    for (const [of, name, original] of originals) Object.defineProperty(of, name, original);
  }
}

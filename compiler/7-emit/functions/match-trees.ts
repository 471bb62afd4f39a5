/**
 * Several trees → the one tree that is all of them, with slots where they differ. A slot stands for a tensor, a number, a list of numbers, a
 * text, the geometry of a layer or the windows of a map; where the trees differ in the same way twice, it is the same slot. Values from outside are slots wherever they stand.
 */
import type { Expression, Statement } from '../../shared/expression.ts';
import { marked } from './unit.ts';

export interface Slot {
  readonly type: 'tensor' | 'number' | 'numbers' | 'text' | 'geometry' | 'windows';
  /** What the operation calls its operand. */
  readonly word: string;
  /** What stands there, by tree. */
  readonly values: readonly Expression[];
}

export interface Match {
  readonly body: readonly Statement[];
  readonly returned: readonly Expression[];
  readonly slots: readonly Slot[];
}

export interface Tree {
  readonly body: readonly Statement[];
  readonly returned: readonly Expression[];
}

/** Null when the trees differ in more than what a slot can hold. `wordsOf` are the words of the slots of a function that they call. */
export function matchTrees(trees: readonly Tree[], wordsOf: (group: number) => readonly string[]): Match | null {
  const slots: Slot[] = [];
  const places = new Map<string, number>();
  /** Of those around the current node, whose turns are parameters. */
  let loops = 0;
  const slot = (type: Slot['type'], word: string, values: readonly Expression[]): Expression => {
    const key = JSON.stringify(values);
    let place = places.get(key);
    const known = place === undefined ? undefined : slots[place];
    if (place === undefined || known === undefined) {
      place = slots.push({ type, word, values }) - 1;
      places.set(key, place);
    } else if (known.word === '' || word === 'rows') slots[place] = { ...known, word: word === '' ? known.word : word };
    return { kind: 'name', name: `~${place}` };
  };
  try {
    const body = statements(trees.map(tree => tree.body));
    const returned = lists(
      trees.map(tree => tree.returned),
      values => expressions(values, ''),
    );
    return { body, returned, slots };
  } catch (cause) {
    if (cause === differs) return null;
    throw cause;
  }

  function statements(all: readonly (readonly Statement[])[]): Statement[] {
    return lists(all, statement);
  }

  function statement(all: readonly [Statement, ...Statement[]]): Statement {
    const [first] = all;
    switch (first.kind) {
      case 'const': {
        const same = each(all, other => (other.kind === 'const' && other.name === first.name ? other.value : null));
        return { ...first, value: expressions(same, '') };
      }
      case 'do':
      case 'return': {
        const same = each(all, other => (other.kind === first.kind ? other.value : null));
        return { kind: first.kind, value: expressions(same, '') };
      }
      case 'comment':
      case 'blank':
        each(all, other => (other.kind === first.kind ? true : null));
        return first;
    }
  }

  function expressions(all: readonly [Expression, ...Expression[]], word: string): Expression {
    const [first] = all;
    if (all.every(isTensorFromOutside)) return tensors(all);
    if (all.every(isGeometry)) return isSame(all) ? first : slot('geometry', 'geometry', all);
    if (word === 'first' && all.some(isOfTurn) && loops === 0) return slot('number', 'first', all);
    if (word === 'windows' && first.kind === 'object') return isSame(all) ? first : slot('windows', 'window', all);
    const list = (pick: (of: Expression) => readonly Expression[] | null, wordAt: (index: number) => string) =>
      lists(each(all, pick), (items, index) => expressions(items, wordAt(index)));
    const one = (pick: (of: Expression) => Expression | null, its: string): Expression =>
      expressions(each(all, pick), its);
    switch (first.kind) {
      case 'number':
        each(all, other => (other.kind === 'number' ? true : null));
        return isSame(all) ? first : slot('number', word, all);
      case 'text':
        each(all, other => (other.kind === 'text' ? true : null));
        return isSame(all) ? first : word === 'stream' ? slot('text', word, all) : refuse();
      case 'word':
      case 'given':
      case 'runtime':
      case 'name':
        return isSame(all) ? first : refuse();
      case 'member':
        return {
          ...first,
          object: one(other => (other.kind === 'member' && other.name === first.name ? other.object : null), ''),
        };
      case 'entry':
        return {
          kind: 'entry',
          object: one(other => (other.kind === 'entry' ? other.object : null), ''),
          key: one(other => (other.kind === 'entry' ? other.key : null), ''),
        };
      case 'call': {
        const callee = one(other => (other.kind === 'call' ? other.callee : null), '');
        const args = list(
          other => (other.kind === 'call' ? other.args : null),
          index => wordFor(callee, index, wordsOf),
        );
        return { kind: 'call', callee, args };
      }
      case 'array': {
        const items = each(all, other => (other.kind === 'array' ? other.items : null));
        const areLists = items.flat().every(item => item.kind === 'number');
        if (areLists && pairs.has(word)) return isSame(all) ? first : slot('numbers', word, all);
        return {
          kind: 'array',
          items: lists(items, (values, index) => expressions(values, wordOfDim(word, index, all))),
        };
      }
      case 'object': {
        const fields = lists(
          each(all, other => (other.kind === 'object' ? other.fields : null)),
          entries => {
            const [key] = entries[0];
            return [
              key,
              expressions(
                each(entries, ([other, value]) => (other === key ? value : null)),
                key,
              ),
            ] as const;
          },
        );
        return { kind: 'object', fields };
      }
      case 'binary':
        return {
          ...first,
          left: one(other => (other.kind === 'binary' && other.operator === first.operator ? other.left : null), word),
          right: one(other => (other.kind === 'binary' ? other.right : null), word),
        };
      case 'function':
        return functions(first, all);
    }
  }

  function functions(
    first: Extract<Expression, { readonly kind: 'function' }>,
    all: readonly [Expression, ...Expression[]],
  ): Expression {
    if (first.parameters.length > 0) loops++;
    const body = statements(each(all, other => (other.kind === 'function' ? other.body : null)));
    const result = expressions(
      each(all, other => (other.kind === 'function' ? other.result : null)),
      '',
    );
    if (first.parameters.length > 0) loops--;
    return { ...first, body, result };
  }

  function tensors(all: readonly [Expression, ...Expression[]]): Expression {
    const [first] = all;
    return first.kind === 'entry' && isSame(all) ? first : slot('tensor', '', all);
  }
}

const differs = Symbol('differs');
function refuse(): never {
  throw differs;
}

/** What is picked of each; refuses when one has it not. */
function each<T, U>(all: readonly [T, ...T[]], pick: (of: T) => U | null): readonly [U, ...U[]] {
  const [first, ...others] = all.map(of => pick(of) ?? refuse());
  return first === undefined ? refuse() : [first, ...others];
}

/** Item by item; refuses when they are not as many everywhere. */
function lists<T, U>(all: readonly (readonly T[])[], match: (items: readonly [T, ...T[]], index: number) => U): U[] {
  const [first = []] = all;
  if (all.some(list => list.length !== first.length)) refuse();
  return first.map((_, index) => {
    const [item, ...others] = all.flatMap(list => list.slice(index, index + 1));
    return item === undefined ? refuse() : match([item, ...others], index);
  });
}

const isSame = (all: readonly Expression[]): boolean => {
  const texts = all.map(expression => JSON.stringify(expression));
  return texts.every(text => text === texts[0]);
};

/** A value from outside, or a parameter of the network. */
export const isTensorFromOutside = (expression: Expression): boolean =>
  (expression.kind === 'name' && expression.name.startsWith('%')) ||
  (expression.kind === 'entry' && expression.object.kind === 'given' && expression.object.name === 'p');

/** `start / 16`: where the turn of a loop that the function stands in begins. */
export const isOfTurn = (expression: Expression): boolean =>
  expression.kind === 'binary' && expression.left.kind === 'name' && expression.left.name === 'start';

/** `geometry.conv1` */
export const isGeometry = (expression: Expression): boolean =>
  expression.kind === 'entry' && expression.object.kind === 'name' && expression.object.name === 'geometry';

/** What stands in lists of a fixed length, and is one thing. */
const pairs: ReadonlySet<string> = new Set(['inputSize', 'kernelSize', 'strides', 'padding', 'grid', 'offset', 'size']);

/** In a shape, what the last of its numbers count. */
function wordOfDim(word: string, index: number, [first]: readonly [Expression, ...Expression[]]): string {
  if (word !== 'shape' || first.kind !== 'array') return word;
  const rank = first.items.length;
  if (rank < 4) return index === rank - 1 ? 'features' : word;
  return ['channels', 'width', 'height'][rank - 1 - index] ?? word;
}

const operandWords: Readonly<Record<string, readonly string[]>> = {
  onWindow: ['', 'inputSize'],
  windows: ['', 'windows', 'first', 'count'],
  windowsAt: ['', '', 'windows', 'rows'],
  examplesAt: ['', '', 'rows'],
  rowNorms: ['', '', 'rows'],
  transposedConv2dNorms: ['', '', '', '', 'rows'],
  slopeMapNorms: ['', '', '', '', '', 'windows'],
  rowNormsGradient: ['', '', '', 'rows'],
  rowNormsWeightGradient: ['', '', 'rows'],
  scaledRows: ['', '', 'rows'],
  rowProducts: ['', '', 'rows'],
  unitRows: ['', 'rows', 'size', 'shape'],
  chunkedRows: ['rows', 'rowsAtOnce'],
  summedChunks: ['rows', 'rowsAtOnce'],
  cauchyNoise: ['', 'stream', 'shape'],
  normalNoise: ['', 'stream', 'shape'],
  oneHot: ['', 'classes'],
  mul: ['factor', 'factor'],
  div: ['number', 'divisor'],
  add: ['term', 'term'],
  sub: ['number', 'number'],
  reshape: ['', 'shape'],
  fill: ['shape', 'number'],
  pad: ['', 'border'],
  slice: ['', 'begin', 'sizes'],
};

function wordFor(callee: Expression, index: number, wordsOf: (group: number) => readonly string[]): string {
  const group = callee.kind === 'name' ? marked('@', callee.name) : null;
  if (group !== null) return wordsOf(group)[index] ?? '';
  const name = callee.kind === 'runtime' ? callee.symbol : callee.kind === 'member' ? callee.name : '';
  return operandWords[name]?.[index] ?? 'number';
}

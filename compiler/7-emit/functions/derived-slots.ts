/**
 * Slots that follow from others wherever a function is called: rows that walk back on windows are told the windows where they start, and those
 * behind each layer follow. What follows is computed here by the very function that the module calls, and compared at every call.
 */
import { windowBehind } from '../../../runtime/ops/window-geometry.ts';
import type { WindowsOfMap } from '../../../runtime/ops/windows.ts';
import { found } from '../../shared/assert.ts';
import { type Expression, entry, member, name, number, runtimeCall, type Statement } from '../../shared/expression.ts';
import type { Code } from '../safe-text.ts';
import type { Geometries } from './layer-geometry.ts';
import { visitStatements } from './map-tree.ts';
import { isGeometry, type Slot } from './match-trees.ts';
import { marked } from './unit.ts';

export interface DerivedSlots {
  /** How the body reads them. */
  readonly reads: ReadonlyMap<number, Expression>;
  /** What the body begins with. Slots stand in it as `~3`. */
  readonly statements: readonly Statement[];
}

interface Known {
  readonly expression: Expression;
  /** At each call. */
  readonly values: readonly WindowsOfMap[];
}

interface Layer {
  readonly expression: Expression;
  readonly values: readonly Parameters<typeof windowBehind>[1][];
}

/** `nameOf` names the windows behind a layer: `geometry.conv1`, or a slot that holds such. */
export function derivedSlots(
  slots: readonly Slot[],
  body: readonly Statement[],
  geometries: Geometries,
  nameOf: (layer: Expression) => Code,
): DerivedSlots {
  const reads = new Map<number, Expression>();
  const statements: Statement[] = [];
  const known: Known[] = [];
  const calls = slots[0]?.values.length ?? 0;
  const layers = layersIn(slots, body, calls, geometries);
  const through = layersWalkedThrough(body);
  for (const [index, { type, values }] of slots.entries()) {
    if (type !== 'windows') continue;
    const wanted = values.map(windowsOf);
    const own = behindKnown(each => isEqual(each, wanted));
    if (own === null) known.push({ expression: name(`~${index}`), values: wanted });
    else reads.set(index, own.expression);
  }
  for (const [index, { type, word, values }] of slots.entries()) {
    if (type === 'numbers') {
      const wanted = values.map(value => numbersIn(value));
      const sizes = ofSize(size => isEqual(size, wanted));
      if (sizes !== null) reads.set(index, sizes);
    }
    if (type === 'number' && (word === 'height' || word === 'width')) {
      const wanted = values.map(value => (value.kind === 'number' ? value.value : null));
      for (const axis of [0, 1] as const) {
        const size = ofSize(of =>
          isEqual(
            of.map(each => each[axis]),
            wanted,
          ),
        );
        if (size === null) continue;
        reads.set(index, entry(size, number(axis)));
        break;
      }
    }
  }
  return { reads, statements };

  function ofSize(fits: (sizes: readonly (readonly number[])[]) => boolean): Expression | null {
    const windows = behindKnown(values => fits(values.map(({ size }) => size)));
    return windows === null ? null : member(windows.expression, 'size');
  }

  /** Windows that are known, or those behind a layer, which then are. */
  function behindKnown(fits: (values: readonly WindowsOfMap[]) => boolean): Known | null {
    const same = known.find(({ values }) => fits(values));
    if (same !== undefined) return same;
    const behind = known.flatMap(from =>
      layers.map(layer => ({
        from,
        layer,
        values: from.values.map((windows, call) => windowBehind(windows, found(layer.values[call], 'a layer'))),
      })),
    );
    // Where several layers lead to the same, the one whose rows live there.
    const fitting = behind.filter(({ values }) => fits(values));
    const best = fitting.find(({ layer, values }) => livesOn(layer, values)) ?? fitting[0];
    if (best === undefined) return null;
    const { from, layer, values } = best;
    const own = nameOf(layer.expression);
    const value = runtimeCall('windowBehind', from.expression, layer.expression);
    statements.push({ kind: 'const', name: own, value, comment: '' });
    const behindLayer = { expression: name(own), values };
    known.push(behindLayer);
    return behindLayer;
  }

  /** Whether the function takes rows back through that layer to windows of that size. */
  function livesOn(layer: Layer, values: readonly WindowsOfMap[]): boolean {
    const sizes = values.map(({ size }) => size);
    return through.some(({ geometry, slot }) => {
      const own = slots[slot]?.values.map(numbersIn);
      return isEqual(geometry, layer.expression) && isEqual(own, sizes);
    });
  }
}

/** The layers that a function names, and those that it is told. */
function layersIn(slots: readonly Slot[], body: readonly Statement[], calls: number, geometries: Geometries): Layer[] {
  const named = new Map<string, Expression>();
  visitStatements(body, expression => {
    if (isGeometry(expression)) named.set(JSON.stringify(expression), expression);
  });
  const fixed = [...named.values()].map(expression => ({
    expression,
    values: Array.from({ length: calls }, () => geometries.valueOf(expression)),
  }));
  const told = slots.flatMap(({ type, values }, index) =>
    type === 'geometry' ? [{ expression: name(`~${index}`), values: values.map(geometries.valueOf) }] : [],
  );
  return [...fixed, ...told];
}

/** `onWindow(geometry.conv1, ~3)`. */
function layersWalkedThrough(body: readonly Statement[]): { readonly geometry: Expression; readonly slot: number }[] {
  const through: { readonly geometry: Expression; readonly slot: number }[] = [];
  visitStatements(body, expression => {
    if (expression.kind !== 'call' || expression.callee.kind !== 'runtime') return;
    const [geometry, size] = expression.args;
    const slot = size?.kind === 'name' ? marked('~', size.name) : null;
    if (expression.callee.symbol === 'onWindow' && geometry !== undefined && slot !== null)
      through.push({ geometry, slot });
  });
  return through;
}

function windowsOf(value: Expression): WindowsOfMap {
  const fields = value.kind === 'object' ? new Map(value.fields) : new Map<string, Expression>();
  const pair = (key: keyof WindowsOfMap): readonly [number, number] => {
    const [first = 0, second = 0] = numbersIn(found(fields.get(key), key));
    return [first, second];
  };
  return { grid: pair('grid'), strides: pair('strides'), offset: pair('offset'), size: pair('size') };
}

export const numbersIn = (value: Expression): number[] =>
  value.kind === 'array' ? value.items.flatMap(item => (item.kind === 'number' ? item.value : [])) : [];

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

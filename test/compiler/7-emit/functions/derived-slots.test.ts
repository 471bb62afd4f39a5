import { describe, expect, it } from 'vitest';
import { parseProgram } from '../../../../compiler/5-program/parse-program.ts';
import { derivedSlots } from '../../../../compiler/7-emit/functions/derived-slots.ts';
import { geometriesOf } from '../../../../compiler/7-emit/functions/layer-geometry.ts';
import type { Slot } from '../../../../compiler/7-emit/functions/match-trees.ts';
import { code } from '../../../../compiler/7-emit/safe-text.ts';
import {
  type Expression,
  entry,
  name,
  number,
  numberList,
  object,
  runtimeCall,
  text,
} from '../../../../compiler/shared/expression.ts';

const geometries = geometriesOf(
  parseProgram(`
    %0 = input "x" : [b, 8, 8, 1]   ; forward | - | x | -
    %1 = param "conv1.weight" : [4, 4, 1, 2]   ; forward | - | param | -
    %2 = conv2d(%0, %1) {strides: [2, 2], padding: [1, 1, 1, 1]} : [b, 4, 4, 2]   ; forward | conv1 | output | -
    out y = %2`),
);
const conv1 = entry(name('geometry'), text('conv1'));
const windows = (offset: number, size: number, stride: number): Expression =>
  object([
    ['grid', numberList([4, 4])],
    ['strides', numberList([stride, stride])],
    ['offset', numberList([offset, offset])],
    ['size', numberList([size, size])],
  ]);
const body = [{ kind: 'do', value: runtimeCall('onWindow', conv1, name('~2')) } as const];
const slots = (second: readonly Expression[], sizes: readonly number[]): Slot[] => [
  { type: 'windows', word: 'window', values: [windows(-1, 3, 1), windows(-2, 5, 1)] },
  { type: 'windows', word: 'window', values: second },
  { type: 'numbers', word: 'inputSize', values: sizes.map(size => numberList([size, size])) },
  { type: 'number', word: 'height', values: sizes.map(number) },
  { type: 'number', word: 'count', values: sizes.map(number) },
];
const derived = (second: readonly Expression[], sizes: readonly number[]) =>
  derivedSlots(slots(second, sizes), body, geometries, () => code`behindConv1`);

describe('slots that follow from others', () => {
  it('are the windows behind a layer, and their sizes', () => {
    // Kernel 4, stride 2, padding 1: 3 rows from −1 on read 8 rows from −3 on, 5 rows from −2 on read 12 from −5 on.
    const { reads, statements } = derived([windows(-3, 8, 2), windows(-5, 12, 2)], [8, 12]);
    expect(statements).toEqual([
      { kind: 'const', name: 'behindConv1', value: runtimeCall('windowBehind', name('~0'), conv1), comment: '' },
    ]);
    expect(reads.get(1)).toEqual(name('behindConv1'));
    expect(reads.get(2)).toEqual({ kind: 'member', object: name('behindConv1'), name: 'size' });
    expect(reads.get(3)).toEqual(entry({ kind: 'member', object: name('behindConv1'), name: 'size' }, number(0)));
    // A count that happens to be as large says something else.
    expect([...reads.keys()]).toEqual([1, 2, 3]);
  });

  it('stay slots where one call differs', () => {
    const { reads, statements } = derived([windows(-3, 8, 2), windows(-5, 13, 2)], [8, 11]);
    expect([statements, [...reads.keys()]]).toEqual([[], []]);
  });
});

import { describe, expect, it } from 'vitest';
import { matchTrees } from '../../../../compiler/7-emit/functions/match-trees.ts';
import {
  type Expression,
  member,
  name,
  number,
  numberList,
  runtimeCall,
  tensorCall,
} from '../../../../compiler/shared/expression.ts';

const tree = (value: Expression) => ({ body: [{ kind: 'do', value } as const], returned: [] });
const match = (...values: Expression[]) => matchTrees(values.map(tree), () => []);
const slotsOf = (...values: Expression[]) => match(...values)?.slots.map(({ type, word }) => `${type} ${word}`.trim());

describe('trees that are one function', () => {
  it('have a parameter for every value from outside, the same one where it is read again', () => {
    expect(slotsOf(tensorCall('add', name('%1'), name('%1')))).toEqual(['tensor']);
    expect(slotsOf(tensorCall('add', name('%1'), name('%2')))).toEqual(['tensor', 'tensor']);
  });

  it('have one for numbers that differ, and none for those that do not', () => {
    const rows = (count: number) =>
      runtimeCall('rowNorms', name('%1'), tensorCall('reshape', name('%2'), numberList([-1, count, 7])), number(count));
    expect(slotsOf(rows(3), rows(3))).toEqual(['tensor', 'tensor']);
    expect(slotsOf(rows(3), rows(5))).toEqual(['tensor', 'tensor', 'number rows']);
  });

  it('tell numbers apart that differ in different ways', () => {
    const sum = (a: number, b: number) => tensorCall('add', number(a), number(b));
    expect(slotsOf(sum(1, 1), sum(2, 2))).toEqual(['number term']);
    expect(slotsOf(sum(1, 1), sum(2, 3))).toEqual(['number term', 'number term']);
  });

  it('are no function when anything else differs', () => {
    expect(match(tensorCall('add', name('%1')), tensorCall('sub', name('%1')))).toBeNull();
    expect(match(tensorCall('add', name('%1')), tensorCall('add', name('%1'), name('%2')))).toBeNull();
    expect(match(name('$1'), name('$2'))).toBeNull();
    expect(match(member(name('$1'), '#0'), member(name('$1'), '#1'))).toBeNull();
  });
});

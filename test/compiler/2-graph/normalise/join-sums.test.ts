import { describe, it } from 'vitest';
import { joinSums } from '../../../../compiler/2-graph/normalise/join-sums.ts';
import { expectStep } from '../../../support/expect-step.ts';

const start = `
  x = input() : [4]
  d = dense(x) {units: 4, useBias: true} : [4]`;
const end = `
  logits = dense(all) {units: 2, useBias: true} : [2]
  output logits`;

describe('joinSums', () => {
  it('makes one sum of sums whose first operand is one', () => {
    expectStep(
      joinSums,
      `${start}
       two = add(x, d) : [4]
       three = add(two, x) : [4]
       all = add(three, d, x) : [4]${end}`,
    ).becomes(
      `${start}
       all = add(x, d, x, d, x) : [4]${end}`,
      ['three adds up x, d, x, without two', 'all adds up x, d, x, d, x, without three'],
    );
  });

  it('keeps the order in which numbers are added', () => {
    expectStep(joinSums, `${start}\n two = add(x, d) : [4]\n all = add(d, two) : [4]${end}`).isLeftAlone();
  });

  it('keeps a sum that something else reads, or that is read twice', () => {
    expectStep(
      joinSums,
      `${start}
       two = add(x, d) : [4]
       r = relu(two) : [4]
       all = add(two, r) : [4]${end}`,
    ).isLeftAlone();
    expectStep(joinSums, `${start}\n two = add(x, d) : [4]\n all = add(two, two) : [4]${end}`).isLeftAlone();
  });
});

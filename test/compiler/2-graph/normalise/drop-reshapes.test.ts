import { describe, it } from 'vitest';
import { dropReshapes } from '../../../../compiler/2-graph/normalise/drop-reshapes.ts';
import { expectStep } from '../../../support/expect-step.ts';

describe('dropReshapes', () => {
  it('leaves out flatten of a vector, wherever it stands', () => {
    expectStep(
      dropReshapes,
      `x = input() : [4]
       f1 = flatten(x) : [4]
       d1 = dense(f1) {units: 4, useBias: true} : [4]
       f2 = flatten(d1) : [4]
       r = relu(f2) : [4]
       f3 = reshape(r) : [4]
       sum = add(f3, f1) : [4]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
    ).becomes(
      `x = input() : [4]
       d1 = dense(x) {units: 4, useBias: true} : [4]
       r = relu(d1) : [4]
       sum = add(r, x) : [4]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
      ['f1 is x itself', 'f2 is d1 itself', 'f3 is r itself'],
    );
  });

  it('leaves two bounds two bounds', () => {
    expectStep(
      dropReshapes,
      `x = input() : [4]
       d = dense(x) {units: 4, useBias: true} : [4]
       one = relu(d) : [4]
       f = flatten(d) : [4]
       g = flatten(d) : [4]
       other = relu(f) : [4]
       third = relu(g) : [4]
       sum = add(one, other, third) : [4]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
    ).isLeftAlone();
  });

  it('lets one of two go that are bounded, when what they read is not', () => {
    expectStep(
      dropReshapes,
      `x = input() : [4]
       d = dense(x) {units: 4, useBias: true} : [4]
       f = flatten(d) : [4]
       g = flatten(d) : [4]
       one = relu(f) : [4]
       other = relu(g) : [4]
       sum = add(one, other) : [4]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
    ).becomes(
      `x = input() : [4]
       d = dense(x) {units: 4, useBias: true} : [4]
       g = flatten(d) : [4]
       one = relu(d) : [4]
       other = relu(g) : [4]
       sum = add(one, other) : [4]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
      ['f is d itself'],
    );
  });

  it('keeps the output and what changes a shape', () => {
    expectStep(
      dropReshapes,
      `x = input() : [2, 2]
       f = flatten(x) : [4]
       d = dense(f) {units: 2, useBias: true} : [2]
       logits = flatten(d) : [2]
       output logits`,
    ).isLeftAlone();
  });
});

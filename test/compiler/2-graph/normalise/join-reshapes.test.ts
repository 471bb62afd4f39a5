import { describe, it } from 'vitest';
import { joinReshapes } from '../../../../compiler/2-graph/normalise/join-reshapes.ts';
import { expectStep } from '../../../support/expect-step.ts';

describe('joinReshapes', () => {
  it('reads past every reshape of a chain, and leaves the last', () => {
    expectStep(
      joinReshapes,
      `x = input() : [2, 2, 3]
       rows = reshape(x) : [4, 3]
       pairs = reshape(rows) : [6, 2]
       flat = flatten(pairs) : [12]
       logits = dense(flat) {units: 2, useBias: true} : [2]
       output logits`,
    ).becomes(
      `x = input() : [2, 2, 3]
       flat = flatten(x) : [12]
       logits = dense(flat) {units: 2, useBias: true} : [2]
       output logits`,
      ['pairs reads x instead of rows', 'flat reads x instead of pairs'],
    );
  });

  it('keeps one that something else reads', () => {
    expectStep(
      joinReshapes,
      `x = input() : [2, 6]
       flat = flatten(x) : [12]
       kept = relu(flat) : [12]
       again = reshape(flat) : [4, 3]
       most = relu(again) : [4, 3]
       vector = flatten(most) : [12]
       sum = add(kept, vector) : [12]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
    ).becomes(
      `x = input() : [2, 6]
       flat = flatten(x) : [12]
       kept = relu(flat) : [12]
       again = reshape(x) : [4, 3]
       most = relu(again) : [4, 3]
       vector = flatten(most) : [12]
       sum = add(kept, vector) : [12]
       logits = dense(sum) {units: 2, useBias: true} : [2]
       output logits`,
      ['again reads x instead of flat'],
    );
  });

  it('stops at everything that is no reshape', () => {
    expectStep(
      joinReshapes,
      `x = input() : [2, 6]
       flat = flatten(x) : [12]
       r = relu(flat) : [12]
       map = reshape(r) : [2, 2, 3]
       n = normalize(map) {mean: [0, 0, 0], std: [1, 1, 1]} : [2, 2, 3]
       vector = flatten(n) : [12]
       logits = dense(vector) {units: 2, useBias: true} : [2]
       output logits`,
    ).isLeftAlone();
  });
});

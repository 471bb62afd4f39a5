import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { entriesOf, type Float64Tensor } from '../../../compiler/5-program/reference/float64-tensor.ts';
import * as reference from '../../../compiler/5-program/reference/rows.ts';
import { peakBytesOf } from '../../../runtime/bench/peak-bytes.ts';
import { rowNormsGradient, rowNormsWeightGradient } from '../../../runtime/ops/rows.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { seededNormals } from '../../support/program-inputs.ts';
import { entriesOn, onWebgpu, testedBackends, useBackend } from '../../support/run-on-backend.ts';

interface Case {
  readonly rows: number;
  readonly groups: number;
  readonly features: readonly number[];
  readonly shared: boolean;
}

const size = (max: number) => fc.integer({ min: 1, max });
const cases: fc.Arbitrary<Case> = fc.record({
  rows: size(7),
  groups: size(5),
  features: fc.array(size(4), { minLength: 1, maxLength: 3 }),
  shared: fc.boolean(),
});

/** Rows of each example, rows shared by them, windows of a map with all positions as groups, one row, one group. */
const named: readonly Case[] = [
  { rows: 10, groups: 8, features: [14, 14, 16], shared: false },
  { rows: 30, groups: 8, features: [100], shared: true },
  { rows: 16, groups: 98, features: [4, 4, 3], shared: true },
  { rows: 16, groups: 98, features: [4, 4, 3], shared: false },
  { rows: 1, groups: 6, features: [3, 2], shared: true },
  { rows: 1, groups: 6, features: [3, 2], shared: false },
  { rows: 5, groups: 1, features: [7], shared: false },
];

interface Operands {
  readonly dual: Float64Tensor;
  readonly weights: Float64Tensor;
  readonly upstream: Float64Tensor;
}

/** Every fifth entry of the dual is 0, where its magnitude has a kink. */
function operandsOf({ rows, groups, features, shared }: Case): Operands {
  const random = (seed: number, shape: readonly number[]): Float64Tensor => ({
    shape,
    data: seededNormals(seed, entriesOf(shape)).map(Math.fround),
  });
  const dual = random(1, [shared ? rows : groups * rows, ...features]);
  return {
    dual: { ...dual, data: dual.data.map((entry, i) => (i % 5 === 0 ? 0 : entry)) },
    weights: random(2, [groups, ...features]),
    upstream: random(3, [groups, rows]),
  };
}

/** `Σ upstream · ⟨weights, |row|⟩`, whose derivatives the gradients are: what one entry of an operand adds to it. */
function termOf({ dual, weights, upstream }: Operands, rows: number) {
  const features = entriesOf(weights.shape.slice(1));
  const ownRows = dual.shape[0] !== rows;
  return (group: number, row: number, f: number, of: { dual?: number; weight?: number }): number => {
    const at = ((ownRows ? group * rows : 0) + row) * features + f;
    const magnitude = Math.abs(dual.data[at]! + (of.dual ?? 0));
    return upstream.data[group * rows + row]! * (weights.data[group * features + f]! + (of.weight ?? 0)) * magnitude;
  };
}

/** Central differences: exact but for rounding, since the sum is linear in each entry on either side of 0. */
function differencesOf(operands: Operands, rows: number) {
  const { dual, weights } = operands;
  const term = termOf(operands, rows);
  const [groups = 0, ...shape] = weights.shape;
  const features = entriesOf(shape);
  const ownRows = dual.shape[0] !== rows;
  const toRows = new Float64Array(dual.data.length);
  const toWeights = new Float64Array(weights.data.length);
  for (let group = 0; group < groups; group++)
    for (let row = 0; row < rows; row++)
      for (let f = 0; f < features; f++) {
        const at = ((ownRows ? group * rows : 0) + row) * features + f;
        const step = dual.data[at] === 0 ? 1 : Math.abs(dual.data[at]!) / 2;
        toRows[at]! += (term(group, row, f, { dual: step }) - term(group, row, f, { dual: -step })) / (2 * step);
        toWeights[group * features + f]! +=
          (term(group, row, f, { weight: 1 }) - term(group, row, f, { weight: -1 })) / 2;
      }
  return { toRows, toWeights };
}

async function compare(given: Case): Promise<void> {
  const operands = operandsOf(given);
  const { dual, weights, upstream } = operands;
  const { rows } = given;
  const wanted = differencesOf(operands, rows);
  const what = JSON.stringify(given);
  expectClose(reference.rowNormsGradient(rows, dual, weights, upstream), wanted.toRows, 1e-12, what);
  expectClose(reference.rowNormsWeightGradient(rows, dual, upstream), wanted.toWeights, 1e-12, what);
  expectClose(
    await entriesOn((d, w, u) => rowNormsGradient(d!, w!, u!, rows), dual, weights, upstream),
    wanted.toRows,
    1e-5,
    `to the rows, ${what}`,
  );
  expectClose(
    await entriesOn((d, u) => rowNormsWeightGradient(d!, u!, rows), dual, upstream),
    wanted.toWeights,
    1e-5,
    `to the weights, ${what}`,
  );
}

describe.each(testedBackends)('the gradients of row norms on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(named)('are the differences of the norms: %o', compare);

  it('are the differences of the norms for random sizes', async () => {
    await fc.assert(fc.asyncProperty(cases, compare), { numRuns: 150 });
  });

  // WebGPU keeps what is disposed of until its commands are sent.
  it.skipIf(onWebgpu)(
    'hold no more than one tensor as large as the rows beside their results, where each group has its own',
    async () => {
      const { dual, weights, upstream } = operandsOf({ rows: 10, groups: 8, features: [14, 14, 16], shared: false });
      const bytesOf = (...tensors: readonly Float64Tensor[]): number =>
        tensors.reduce((bytes, { data }) => bytes + 4 * data.length, 0);
      const toRows = peakBytesOf(() =>
        entriesOn((d, w, u) => rowNormsGradient(d!, w!, u!, 10), dual, weights, upstream),
      );
      await toRows.result;
      expect(toRows.bytes).toBeLessThanOrEqual(bytesOf(dual, weights, upstream) + 2 * bytesOf(dual));
      const toWeights = peakBytesOf(() => entriesOn((d, u) => rowNormsWeightGradient(d!, u!, 10), dual, upstream));
      await toWeights.result;
      expect(toWeights.bytes).toBeLessThanOrEqual(bytesOf(dual, upstream) + bytesOf(dual, weights));
    },
  );
});

/** What candidates cost agrees with the programs that plans are lowered to, counted by another walk through them. */
import { describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { buildDual } from '../../compiler/3-dual/build-dual.ts';
import type { DualNetwork } from '../../compiler/3-dual/dual.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../compiler/4-schedule/choose.ts';
import { isSketch, type Plan } from '../../compiler/4-schedule/plan.ts';
import type { Rates } from '../../compiler/4-schedule/rates/rate.ts';
import { wasmRates } from '../../compiler/4-schedule/rates/wasm.ts';
import { checkProgram } from '../../compiler/5-program/check-program.ts';
import { candidateLowering } from '../../compiler/5-program/lower-candidate.ts';
import { lowerCertificate } from '../../compiler/5-program/lower-margins.ts';
import { parseProgram } from '../../compiler/5-program/parse-program.ts';
import { passList } from '../../compiler/6-passes/pass-list.ts';
import { runPasses } from '../../compiler/6-passes/run-passes.ts';
import { candidateCosts, programCost } from '../../compiler/candidate-cost.ts';
import { readGraph } from '../../compiler/compile.ts';
import { defaultOptions } from '../../compiler/options.ts';
import { mapRecord } from '../../compiler/shared/map-record.ts';
import { macsBySection } from '../support/program-macs.ts';
import { convolutional, mlp, residual, textDual, textGraph } from '../support/text-graph.ts';

const batch = 8;

interface Asked {
  readonly bounds: string;
  readonly memoryBytes?: number;
  readonly arithmetic?: 'real' | 'float32';
}

function planFor(dual: DualNetwork, purpose: 'certify' | 'train', asked: Asked): Plan {
  const requests = parseBoundsRequest(asked.bounds);
  const sizes = { certifyBatch: batch, trainBatch: batch, memoryBytes: asked.memoryBytes ?? 2 ** 29 };
  const options = { ...defaultOptions, ...sizes, arithmetic: asked.arithmetic ?? 'real', requests } as const;
  return chooseSchedule(dual, options, candidateCosts(dual))[purpose];
}

const foretold = (plan: Plan): Record<string, number> =>
  Object.fromEntries(plan.choices.map(({ bound, macs }) => [bound, macs]));

/** Per example, by bound, in the program of all bounds. */
function counted(dual: DualNetwork, plan: Plan): Record<string, number> {
  const program = runPasses(lowerCertificate(dual, plan), passList, () => {});
  const sections = macsBySection(program, batch);
  return Object.fromEntries(
    plan.choices.map(({ bound }) => [
      bound,
      (sections.get(bound === 'margins' ? 'margins' : `bounds:${bound}`) ?? 0) / batch,
    ]),
  );
}

const networks: Readonly<Record<string, LayerGraph>> = {
  mlp: textGraph(mlp),
  residual: textGraph(residual),
  convolutional: textGraph(convolutional),
  'mnist-small': readGraph('examples/mnist-small.arch.ts').graph,
  'mnist-resnet': readGraph('examples/mnist-resnet.arch.ts').graph,
};
const l2 = (graph: LayerGraph): LayerGraph => ({ ...graph, ball: { norm: 'l2', epsilon: 0.5 } });
const cases = Object.entries(networks).flatMap(([name, graph]) => [
  [name, buildDual(graph)] as const,
  [`${name} in an l2 ball`, buildDual(l2(graph))] as const,
]);

describe.each(cases)('the multiply-adds of %s', (_, dual) => {
  it.each<Asked>([
    { bounds: '' },
    { bounds: '', memoryBytes: 2 ** 18 },
    { bounds: 'backward' },
    { bounds: 'interval' },
    { bounds: 'certify:crown' },
    { bounds: '', arithmetic: 'float32' },
  ])('are those of the program that certifies: %j', asked => {
    const plan = planFor(dual, 'certify', asked);
    expect(counted(dual, plan)).toEqual(foretold(plan));
  });

  it.each(['sketch', 'sketch:per-layer'])(
    'are those of the program that trains, but for carrying the first %s to where it is read',
    asked => {
      const plan = planFor(dual, 'train', { bounds: `train:${asked}` });
      const first = plan.choices.find(({ strategy }) => isSketch(strategy))?.bound ?? '';
      const { [first]: foretoldFirst = 0, ...foretoldOthers } = foretold(plan);
      const { [first]: countedFirst = 0, ...countedOthers } = counted(dual, plan);
      expect(countedOthers).toEqual(foretoldOthers);
      expect(countedFirst).toBeGreaterThan(foretoldFirst);
    },
  );
});

describe('a candidate', () => {
  it('is a program that the verifier accepts, by every strategy, in both arithmetics and balls', () => {
    for (const [, dual] of cases.slice(0, 6))
      for (const purpose of ['certify', 'train'] as const) {
        const plan = planFor(dual, purpose, { bounds: '', arithmetic: 'float32' });
        const lower = candidateLowering(dual, plan.arithmetic);
        for (const [index, { strategy, alternatives }] of plan.choices.entries())
          for (const each of [strategy, ...alternatives.map(other => other.strategy)])
            if (each.kind !== 'best') checkProgram(lower(dual.bounds[index]!, each));
      }
  });

  it('of a residual block reads what earlier bounds found of the skip, and does not walk it forward again', () => {
    const dual = textDual(residual);
    const after = dual.bounds.find(({ name }) => name === 'after')!;
    const program = candidateLowering(dual, { kind: 'real' })(after, { kind: 'interval' });
    expect(program.body.filter(({ op }) => op.kind === 'matMul').length).toBe(2);
  });
});

describe('programCost', () => {
  const nothing: Rates = mapRecord(wasmRates, () => ({ perDispatch: 0, perMultiplyAdd: 0, perEntry: 0 }));
  const program = parseProgram(`
    %0 = param "w" : [6, 5]
    %1 = input "x" : [b, 5]
    %2 = abs(%0) : [6, 5]
    %9 = chunked {rows: 6, size: 2} : [b, 6] {
      %3 = chunkRows(%2) {axis: 0, size: 2} : [2, 5]
      %4 = matMul(%1, %3) {transposeA: false, transposeB: true} : [b, 2]
      result %4
    }
    %10 = sum(%9) {axes: [1], keepDims: false} : [b]
    out y = %10`);

  it('counts the block of a loop once for each of its turns, and divides by the examples', () => {
    expect(programCost(program, { examples: 4, rates: nothing }).macs).toBe(5 * 6);
    const perOperation = mapRecord(nothing, rate => ({ ...rate, perDispatch: 1e6 }));
    // abs, loop, sum; and three times chunkRows and matMul.
    expect(programCost(program, { examples: 4, rates: perOperation }).milliseconds).toBe((3 + 3 * 2) / 4);
  });

  it('counts multiply-adds and entries at the rate of the family', () => {
    const products = { ...nothing, matMul: { perDispatch: 0, perMultiplyAdd: 1e6, perEntry: 0 } };
    expect(programCost(program, { examples: 4, rates: products }).milliseconds).toBe(5 * 6);
    const entries = { ...nothing, elementwise: { perDispatch: 0, perMultiplyAdd: 0, perEntry: 1e6 } };
    expect(programCost(program, { examples: 4, rates: entries }).milliseconds).toBe((6 * 5) / 4);
  });

  it('counts the turns that a loop was seen to take', () => {
    const perOperation = mapRecord(nothing, rate => ({ ...rate, perDispatch: 1e6 }));
    const seen = programCost(program, { examples: 4, rates: perOperation, turnsOf: () => 1.5 });
    expect(seen.milliseconds).toBe((3 + 1.5 * 2) / 4);
    expect(programCost(program, { examples: 4, rates: perOperation, turnsOf: () => null }).milliseconds).toBe(9 / 4);
  });

  it('takes a look only at what is kept with the parameters', () => {
    const kept = parseProgram(`
      %0 = param "w" : [6, 5]
      %1 = reshape(%0) : [30]
      %2 = magnitudes(%1) {floor: 0} : [30]
      %3 = input "x" : [b, 5]
      %4 = magnitudes(%3) {floor: 0} : [b, 5]
      out kept = %2, moves = %4`);
    const rates = { ...nothing, elementwise: { perDispatch: 0, perMultiplyAdd: 0, perEntry: 1e6 } };
    expect(programCost(kept, { examples: 1, rates }).milliseconds).toBe(30 + 5);
    expect(programCost(kept, { examples: 1, rates, keepsDerived: true }).milliseconds).toBe(5);
  });

  it('counts what is read where many numbers become few', () => {
    const read = { ...nothing, reduction: { perDispatch: 0, perMultiplyAdd: 0, perEntry: 1e6 } };
    expect(programCost(program, { examples: 4, rates: read }).milliseconds).toBe(6);
  });
});

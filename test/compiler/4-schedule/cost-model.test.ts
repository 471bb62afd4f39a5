/** The model foretells, to the number, the multiply-adds of the layers in the program that the plan is lowered to. */
import { describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import type { DualNetwork } from '../../../compiler/3-dual/dual.ts';
import { parseBoundsRequest } from '../../../compiler/4-schedule/bounds-request.ts';
import { chooseSchedule } from '../../../compiler/4-schedule/choose.ts';
import { costModel } from '../../../compiler/4-schedule/cost-model.ts';
import type { Plan } from '../../../compiler/4-schedule/plan.ts';
import { macsOf } from '../../../compiler/4-schedule/walk-totals.ts';
import { lowerCertificate } from '../../../compiler/5-program/lower-margins.ts';
import { deadCode } from '../../../compiler/6-passes/dead-code.ts';
import { readGraph } from '../../../compiler/compile.ts';
import { defaultOptions } from '../../../compiler/options.ts';
import { layerId } from '../../../compiler/shared/ids.ts';
import { macsBySection } from '../../support/program-macs.ts';
import { convolutional, mlp, residual, textDual, textGraph } from '../../support/text-graph.ts';

const batch = 8;

function planFor(dual: DualNetwork, purpose: 'certify' | 'train', bounds: string, memoryBytes = 2 ** 29): Plan {
  const requests = parseBoundsRequest(bounds);
  // The forward pass of magnitudes that rounding terms are made of belongs to no one bound.
  const options = {
    ...defaultOptions,
    arithmetic: 'real' as const,
    requests,
    memoryBytes,
    certifyBatch: batch,
    trainBatch: batch,
  };
  return chooseSchedule(dual, options)[purpose];
}

const foretold = (plan: Plan): Record<string, number> =>
  Object.fromEntries(plan.choices.map(({ bound, macs }) => [bound, macs]));

/** Per example, of products with the weights of layers, by bound. */
function counted(dual: DualNetwork, plan: Plan): Record<string, number> {
  const program = deadCode.run(lowerCertificate(dual, plan));
  const sections = macsBySection(program, batch, ['matMul', 'conv2d', 'transposedConv2d']);
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

describe.each(cases)('the cost model of %s', (_, dual) => {
  it.each(['', 'backward', 'interval'])('agrees with the program that certifies: --bounds "%s"', bounds => {
    const plan = planFor(dual, 'certify', bounds);
    expect(counted(dual, plan)).toEqual(foretold(plan));
  });

  it('agrees when the memory is small and rows walk in chunks', () => {
    const plan = planFor(dual, 'certify', '', 2 ** 16);
    expect(counted(dual, plan)).toEqual(foretold(plan));
  });

  it('agrees with the program that trains, but for the layers before the first sketch', () => {
    const plan = planFor(dual, 'train', 'train:sketch');
    const first = plan.choices.find(({ strategy }) => strategy.kind === 'sketch')?.bound ?? '';
    const { [first]: foretoldFirst = 0, ...foretoldOthers } = foretold(plan);
    const { [first]: countedFirst = 0, ...countedOthers } = counted(dual, plan);
    expect(countedOthers).toEqual(foretoldOthers);
    expect(countedFirst).toBeGreaterThan(foretoldFirst);
  });
});

describe('macsOf', () => {
  const { layers } = buildDual(networks.convolutional!);
  const of = (id: string): number => macsOf(layers.get(layerId(id))!, layers);

  it('counts a convolution by its positions, filters, kernel and channels', () => {
    expect(of('conv1')).toBe(8 * 8 * 4 * 3 * 3 * 1);
    expect(of('conv2')).toBe(4 * 4 * 4 * 4 * 4 * 4);
  });

  it('counts a dense layer by its weights, and nothing else at all', () => {
    expect(of('dense1')).toBe(64 * 10);
    expect(['x', 'relu1', 'flat'].map(of)).toEqual([0, 0, 0]);
  });
});

describe('bytes', () => {
  const dual = textDual(convolutional);
  const costs = costModel(dual, batch);
  const relu2 = dual.bounds[1]!;

  it('grow with the rows, positions and projections that are held at once', () => {
    expect(costs.backward(relu2, 8, 'band').bytesPerExample).toBe(8 * costs.backward(relu2, 1, 'band').bytesPerExample);
    expect(costs.patches(relu2, 4, 'band').bytesPerExample).toBe(4 * costs.patches(relu2, 1, 'band').bytesPerExample);
    expect(costs.sketch(relu2, 20).bytesPerExample).toBe(2 * costs.sketch(relu2, 10).bytesPerExample);
  });

  it('are, of one row, three tensors as large as the largest map that it crosses', () => {
    expect(costs.backward(relu2, 1, 'band').bytesPerExample).toBe(3 * 4 * 8 * 8 * 4);
  });

  it('of windows are smaller: four channels of a 4 × 4 field for each of four rows', () => {
    expect(costs.patches(relu2, 1, 'band').bytesPerExample).toBe(3 * 4 * 4 * (4 * 4 * 4));
  });

  it('have no bound where windows do not apply', () => {
    expect(costs.patches(dual.bounds.at(-1)!, 1, 'band').macs).toBe(Number.POSITIVE_INFINITY);
  });
});

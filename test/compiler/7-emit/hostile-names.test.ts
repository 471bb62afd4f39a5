/** Layers may be called whatever is an identifier; the names of the emitted code must not care. */
import { beforeAll, describe, expect, it } from 'vitest';
import { compileFor, type EmissionOptions, importModel } from '../../support/emitted-model.ts';
import { compareModel, expectationsFor } from '../../support/model-against-interpreter.ts';
import { seededNormals } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { textGraph } from '../../support/text-graph.ts';

/** Two hidden layers with a skip; `names` for image, dense, relu, dense, relu, logits. */
const network = ([x, dense1, relu1, dense2, relu2, logits]: readonly string[]): string => `
  ${x} = input() : [3]
  ${dense1} = dense(${x}) {units: 4, useBias: true} : [4]
  ${relu1} = relu(${dense1}) : [4]
  ${dense2} = dense(${relu1}) {units: 4, useBias: true} : [4]
  ${relu2} = relu(${dense2}) : [4]
  ${logits} = dense(${relu2}) {units: 2, useBias: true} : [2]
  output ${logits}`;

const plans: readonly EmissionOptions[] = [
  { bounds: 'exact', memoryBytes: 1 },
  { bounds: 'train:sketch', projections: 3 },
  { bounds: 'interval' },
];

async function check(names: readonly string[]): Promise<void> {
  const graph = textGraph(network(names));
  for (const plan of plans) {
    const compiled = compileFor(graph, plan);
    const model = await importModel(compiled);
    const params = Object.fromEntries(
      model.meta.parameters.map(({ name, shape }, index) => [
        name,
        seededNormals(
          index,
          shape.reduce((product, dim) => product * dim, 1),
        ),
      ]),
    );
    const given = { params, x: seededNormals(50, 6), labels: [0, 1], epsilon: 0.1 };
    await compareModel(
      model,
      expectationsFor(compiled, given, ['forward', 'certificate', 'robustLoss', 'inputGradient']),
    );
    expect(model.meta.nonlinearities).toEqual([names[2], names[4]]);
  }
}

describe('a module whose layers are called', () => {
  beforeAll(() => useBackend('wasm'));

  it.each([
    [['default', 'class', 'await', 'new', 'function', 'typeof']],
    [['tf', 'x', 'p', 'batch', 'key', 'labels']],
    [['params', 'meta', 'model', 'start', 'epsilon', 'value']],
    [['constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'undefined']],
    [['conv2d', 'matMul', 'rowNorms', 'unitRows', 'oneHot', 'checkCall']],
    [['chunkedRows', 'windows', 'scaledRows', 'summedChunks', 'cauchyNoise', 'cauchyScale']],
    [['relu1', 'relu_1', 'relu__1', 'Relu1', 'reLu1', 'relu_1_']],
    [['graph', 'bounds', 'ball', 'loss_', 'loss', 'output']],
    [['forward', 'network', 'lossGradient', 'boundsOfLoss', 'loss', 'robustLoss']],
    [['meanLoss', 'ballAround', 'meanLoss_', 'certifiedMargins', 'ballAround_', 'forwardPass']],
    [['trainingBallAround', 'unit', 'row', 'scaled', 'trainingMeanLoss', 'gradient']],
    [['dual', 'slope', 'radius', 'centre', 'lower', 'upper']],
    [['e', 'e1', 'e2', 'E', 'Infinity', 'NaN']],
  ])('%s computes what the interpreter computes', async names => {
    await check(names);
  });
});

import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { liveness } from '../../../compiler/6-passes/liveness.ts';
import { peakMemory } from '../../../compiler/6-passes/memory-model.ts';
import { peakBytesOf } from '../../../runtime/bench/peak-bytes.ts';
import type { ScheduleMeta } from '../../../runtime/contract.ts';
import { compileFor, type EmissionOptions, importModel } from '../../support/emitted-model.ts';
import { randomNetwork } from '../../support/random-network.ts';
import { randomTensors } from '../../support/random-tensors.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';
import { convolutional, mlp, residual, textGraph } from '../../support/text-graph.ts';

/** Large enough for tensors to be freed early. */
const wide = `
  x = input() : [28, 28, 1]
  conv1 = conv2d(x) {filters: 16, kernelSize: [4, 4], strides: [2, 2], padding: [1, 1, 1, 1], useBias: true} : [14, 14, 16]
  relu1 = relu(conv1) : [14, 14, 16]
  conv2 = conv2d(relu1) {filters: 32, kernelSize: [4, 4], strides: [2, 2], padding: [1, 1, 1, 1], useBias: true} : [7, 7, 32]
  relu2 = relu(conv2) : [7, 7, 32]
  flat = flatten(relu2) : [1568]
  dense1 = dense(flat) {units: 100, useBias: true} : [100]
  relu3 = relu(dense1) : [100]
  logits = dense(relu3) {units: 10, useBias: true} : [10]
  output logits`;

/** Too slow for the backend cpu. */
const large: [string, string, EmissionOptions][] = [
  ['tensors that are freed early', wide, {}],
  ['chunk loops and tensors that are freed early', wide, { bounds: 'exact', memoryBytes: 2 ** 24 }],
];

const batch = 3;

/** For each of three calls: bytes at the peak, as measured and as the module says. */
async function measure(graph: LayerGraph, options: EmissionOptions): Promise<(readonly [number, number])[]> {
  const model = await importModel(compileFor(graph, { ...options, certifyBatch: batch, trainBatch: batch }));
  const { params, x, labels } = randomTensors(model, batch);
  const compare = (call: () => object, { fixedBytes, bytesPerExample }: ScheduleMeta) => {
    const { bytes, result } = peakBytesOf(call);
    tf.dispose(result as Record<string, tf.Tensor>);
    return [bytes, fixedBytes + bytesPerExample * batch] as const;
  };
  const found = [
    compare(() => model.margins(params, x, labels, 0.1), model.meta.certify),
    compare(() => model.bounds(params, x, 0.1), model.meta.certify),
    compare(() => model.robustLoss(params, x, labels, 0.1, [1, 2]), model.meta.train),
  ];
  tf.dispose([x, labels, ...Object.values(params)]);
  return found;
}

describe('peakMemory', () => {
  it('is worked by hand for a program of three steps', () => {
    // At the product: its transposed operand (6 numbers), the product (4b), the negation (4b) of 4 bytes each.
    const program = parseProgram(`
      %0 = input "x" : [b, 3]
      %1 = param "w" : [2, 3]
      %2 = matMul(%0, %1) {transposeA: false, transposeB: true} : [b, 2]   ; main | - | product | -
      %3 = neg(%2) : [b, 2]   ; main | - | negative | -
      out y = %3, product = %2`);
    expect(peakMemory(program, liveness(program), 10)).toEqual({ fixedBytes: 0, bytesPerExample: 16 });
    // With one example the six numbers of the transpose outweigh the second result.
    expect(peakMemory(program, liveness(program), 1)).toEqual({ fixedBytes: 24, bytesPerExample: 8 });
  });

  it('counts the sums of a chunk loop before and after a chunk', () => {
    const program = parseProgram(`
      %0 = param "w" : [4, 100]
      %1 = summedChunks {rows: 4, size: 2} : [] {
        %2 = chunkRows(%0) {axis: 0, size: 2} : [2, 100]
        result %2
      }
      %3 = item(%1) {index: 0} : [2, 100]
      out y = %3`);
    expect(peakMemory(program, liveness(program), 1).fixedBytes).toBe(3 * 800);
  });
});

describe.each(testedBackends)('what modules say of their memory, on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each<[string, string, EmissionOptions]>([
    ['an mlp', mlp, { bounds: 'exact' }],
    ['a residual network', residual, { bounds: 'exact' }],
    ['patches and a sketch', convolutional, {}],
    ['the median', convolutional, { estimator: 'median' }],
    ['the geometric mean', convolutional, { estimator: 'geometric' }],
    ['interval', convolutional, { bounds: 'interval' }],
    ['chunk loops', convolutional, { bounds: 'backward', memoryBytes: 100_000 }],
    // How many rows a turn of sparse rows holds is known when it runs: that takes anything up to what is stated.
    ['a sketch per layer', convolutional, { bounds: 'train:sketch:per-layer' }],
    ['an l2 ball', `ball l2 0.1\n${convolutional}`, { bounds: 'certify:exact,train:sketch' }],
    ...(backend === 'wasm' ? large : []),
  ])('%s: no less than is measured, and not much more', async (_name, text, options) => {
    const [margins, bounds, loss] = await measure(textGraph(text), options);
    for (const [measured, stated] of [margins!, bounds!, loss!]) expect(measured).toBeLessThanOrEqual(stated);
    // `bounds` runs a part of the program that `margins` runs, so only the latter can be close.
    for (const [measured, stated] of [margins!, loss!]) expect(stated).toBeLessThan(1.25 * measured);
  });

  it('random networks: no less than is measured', async () => {
    const options: EmissionOptions[] = [
      { bounds: 'exact', memoryBytes: 1 },
      { bounds: 'certify:exact,train:sketch', projections: 3 },
      { bounds: 'certify:sparse,train:interval' },
      { bounds: 'certify:sparse/crown,train:interval' },
      { bounds: 'interval' },
    ];
    await fc.assert(
      fc.asyncProperty(randomNetwork, fc.constantFrom(...options), async ({ graph }, chosen) => {
        for (const [measured, stated] of await measure(graph, chosen)) expect(measured).toBeLessThanOrEqual(stated);
      }),
      { numRuns: backend === 'wasm' ? 12 : 4 },
    );
  });
});

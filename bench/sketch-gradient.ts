/**
 * How well a sketch's loss and gradient estimate the exact ones: the table of docs/sketches.md. Run
 * `npm run bench:sketch -- --weights FILE` with weights of the small network.
 */
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import type { RobustModel } from 'dualc/runtime';
import { examplesOf, foldIn, keyFrom } from 'dualc/runtime/node';
import { median } from '../test/support/median.ts';
import { benchArguments, compiled, paramsFor, testExamples } from './load-bench-model.ts';

const images = 400;
const batch = 50;
const draws = 5;
const { weights, data, epsilon } = benchArguments();
const { values, labels } = examplesOf(await testExamples(data, images));
const exact = await compiled({ bounds: 'train:exact', trainBatch: batch });
const params = await paramsFor(exact, weights);

interface Summary {
  readonly crossEntropy: number;
  readonly error: number;
  /** All gradients, one after the other. */
  readonly gradient: Float64Array;
  readonly milliseconds: number;
}

/** Means over all images; every batch draws its own noise, as every step of training does. */
async function summarize(model: RobustModel, draw: number): Promise<Summary> {
  const names = model.meta.parameters.map(({ name }) => name);
  let [crossEntropy, error, milliseconds] = [0, 0, 0];
  let gradient = new Float64Array(0);
  for (let start = 0; start < images; start += batch) {
    const began = performance.now();
    const size = values.length / images;
    const x = tf.tensor(values.subarray(start * size, (start + batch) * size), [batch, ...model.meta.inputShape]);
    const y = tf.tensor1d(labels.subarray(start, start + batch), 'int32');
    const loss = model.robustLoss(params, x, y, epsilon, foldIn(foldIn(keyFrom(1), draw), start));
    const share = batch / images;
    crossEntropy += share * (await loss.crossEntropy.data())[0]!;
    error += share * (await loss.error.data())[0]!;
    const flat: number[] = [];
    for (const name of names) for (const entry of await loss.gradients[name]!.data<'float32'>()) flat.push(entry);
    milliseconds += performance.now() - began;
    gradient = Float64Array.from(flat, (entry, at) => share * entry + (gradient[at] ?? 0));
    tf.dispose([x, y, loss.crossEntropy, loss.error, loss.gradients]);
  }
  return { crossEntropy, error, gradient, milliseconds: milliseconds / images };
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const cosine = (a: Float64Array, b: Float64Array): number => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;

const truth = await summarize(exact, 0);
const table = new Table({
  head: [
    'sketch',
    'estimator',
    'k',
    'robust CE',
    'robust error',
    'cosine: median',
    'lowest',
    'highest',
    'ms per example',
  ],
  colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [] },
});
table.push([
  'exact',
  '',
  '',
  truth.crossEntropy.toFixed(3),
  percent(truth.error),
  '',
  '',
  '',
  truth.milliseconds.toFixed(1),
]);
const kinds = [
  ['sketch', 'median'],
  ['sketch', 'geometric'],
  ['sketch', 'ml'],
  ['sketch:per-layer', 'median'],
  ['sketch:per-layer', 'ml'],
] as const;
for (const [bounds, estimator] of kinds) {
  for (const projections of [10, 20, 50]) {
    const model = await compiled({ bounds: `train:${bounds}`, projections, estimator, trainBatch: batch });
    const results: Summary[] = [];
    for (let draw = 0; draw < draws; draw++) results.push(await summarize(model, draw));
    const cosines = results.map(({ gradient }) => cosine(gradient, truth.gradient));
    table.push([
      bounds === 'sketch' ? 'merged' : 'per layer',
      estimator,
      projections,
      median(results.map(result => result.crossEntropy)).toFixed(3),
      percent(median(results.map(result => result.error))),
      median(cosines).toFixed(3),
      Math.min(...cosines).toFixed(3),
      Math.max(...cosines).toFixed(3),
      median(results.map(result => result.milliseconds)).toFixed(1),
    ]);
    console.error(`${bounds}, ${estimator}, ${projections} projections: done`);
  }
}
console.log(`${images} images of ${data}, epsilon ${epsilon}, ${draws} draws, weights ${weights}`);
console.log(table.toString());

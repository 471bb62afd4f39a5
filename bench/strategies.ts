/**
 * Milliseconds per example to certify with the small network, by strategy and batch; and the peak of its tensors by batch, which has
 * to be linear. The tables of docs/speed.md: `npm run bench:strategies -- --weights FILE`.
 */
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import type { RobustModel } from 'dualc/runtime';
import { examplesOf } from 'dualc/runtime/node';
import { Bench } from 'tinybench';
import { peakBytesOf } from '../test/support/peak-bytes.ts';
import { benchArguments, compiled, paramsFor, testExamples } from './load-bench-model.ts';

const strategies: readonly (readonly [name: string, bounds: string])[] = [
  ['exact, as scheduled', ''],
  ['backward everywhere', 'certify:backward'],
  ['interval everywhere', 'certify:interval'],
  ['interval, exact margins', 'certify:relu2=interval,certify:relu3=interval'],
];
const batches = [1, 4, 16, 64];
const roomy = 2 ** 31;

const { weights, data, epsilon } = benchArguments();
const { values, labels } = examplesOf(await testExamples(data, Math.max(...batches)));
const models = await Promise.all(
  strategies.map(async ([name, bounds]) => ({ name, model: await compiled({ bounds, memoryBytes: roomy }) })),
);
const params = await paramsFor(models[0]!.model, weights);
const size = values.length / labels.length;

function margins(model: RobustModel, batch: number): void {
  const x = tf.tensor(values.subarray(0, batch * size), [batch, ...model.meta.inputShape]);
  const y = tf.tensor1d(labels.subarray(0, batch), 'int32');
  const result = model.margins(params, x, y, epsilon);
  result.dataSync();
  tf.dispose([x, y, result]);
}

const table = (head: readonly string[]): Table.Table =>
  new Table({
    head: [...head],
    colAligns: ['left', ...batches.map(() => 'right' as const)],
    style: { head: [], border: [] },
  });

const times = table(['ms per example', ...batches.map(batch => `batch ${batch}`)]);
for (const { name, model } of models) {
  const bench = new Bench({ time: 1500, warmupTime: 300, iterations: 5, warmupIterations: 1 });
  for (const batch of batches) bench.add(String(batch), () => margins(model, batch));
  await bench.run();
  const medians = bench.tasks.map(({ name: batch, result }) => {
    if (result.state !== 'completed') throw new Error(`${name}, batch ${batch}: ${result.state}`);
    return (result.latency.p50 / Number(batch)).toFixed(2);
  });
  times.push([name, ...medians]);
  console.error(`${name}: done`);
}

const peaks = table(['peak of tensors, MB', ...batches.map(batch => `batch ${batch}`)]);
for (const { name, model } of models) {
  peaks.push([name, ...batches.map(batch => (peakBytesOf(() => margins(model, batch)).bytes / 1e6).toFixed(1))]);
}
console.log(`small network, ${data}, epsilon ${epsilon}; medians`);
console.log(`${times.toString()}\n${peaks.toString()}`);

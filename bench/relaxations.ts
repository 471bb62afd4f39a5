/**
 * Band, CROWN, and the better of both: what they certify, and what they cost. One module for each schedule, on the same examples, batch by
 * batch in turns, so that a busy machine slows all of them. The table of docs/relaxations.md:
 *
 *     npm run bench:relaxations -- --weights FILE [--arch FILE] [--data DATASET] [--epsilon 0.1] [--limit 3000] [--batch 16]
 *         [--no-box | --norm l2]
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import type { RobustModel } from 'dualc/runtime';
import { examplesOf, loadDataset, loadWeightsFile, makeTensors, selectBackend } from 'dualc/runtime/node';
import { readGraph } from '../compiler/compile.ts';
import { emittedModel } from '../test/support/emitted-model.ts';
import { median } from '../test/support/median.ts';

const { values: flags } = parseArgs({
  options: {
    arch: { type: 'string', default: 'examples/mnist-small.arch.ts' },
    weights: { type: 'string', default: 'runs/digits/weights.safetensors' },
    data: { type: 'string', default: 'digits' },
    epsilon: { type: 'string', default: '0.1' },
    limit: { type: 'string', default: '3000' },
    batch: { type: 'string', default: '16' },
    norm: { type: 'string', default: 'linf' },
    'no-box': { type: 'boolean', default: false },
  },
});
const [epsilon, limit, size] = [Number(flags.epsilon), Number(flags.limit), Number(flags.batch)];

const schedules: readonly (readonly [name: string, bounds: string])[] = [
  ['band', 'certify:band'],
  ['CROWN for the margins', 'certify:band,certify:margins=crown'],
  ['the better of both for the margins', 'certify:band,certify:margins=best(band,crown)'],
  ['CROWN everywhere', 'certify:crown'],
  ['the better of both everywhere', 'certify:best(band,crown)'],
  ['interval everywhere', 'certify:interval'],
  ['the better of interval and band', 'certify:best(interval,band)'],
];

const backend = await selectBackend();
console.error(`backend ${backend.name}: ${backend.reason}`);
const { graph } = readGraph(flags.arch);
const ball =
  flags.norm === 'l2'
    ? ({ norm: 'l2', epsilon } as const)
    : ({ norm: 'linf', epsilon, box: flags['no-box'] || graph.ball.norm === 'l2' ? null : graph.ball.box } as const);
const models = await Promise.all(schedules.map(([, bounds]) => emittedModel({ ...graph, ball }, { bounds })));
const { meta } = models[0]!;
const params = makeTensors((await loadWeightsFile(flags.weights, meta)).weights);
const { values, labels } = examplesOf(await loadDataset(flags.data, { split: 'test', limit }));
const entries = values.length / labels.length;

interface Answers {
  readonly certified: Uint8Array;
  readonly leastMargins: Float32Array;
  readonly ms: number[];
}
const answers = models.map(
  (): Answers => ({
    certified: new Uint8Array(labels.length),
    leastMargins: new Float32Array(labels.length),
    ms: [],
  }),
);

async function answer(
  model: RobustModel,
  { certified, leastMargins, ms }: Answers,
  start: number,
  end: number,
): Promise<void> {
  const began = performance.now();
  const found = tf.tidy(() => {
    const x = tf.tensor(values.slice(start * entries, end * entries), [end - start, ...meta.inputShape]);
    const y = tf.tensor1d(labels.slice(start, end), 'int32');
    return model.margins(params, x, y, epsilon);
  });
  const J = (await found.data<'float32'>()).slice();
  found.dispose();
  ms.push((performance.now() - began) / (end - start));
  for (let i = start; i < end; i++) {
    const row = J.subarray((i - start) * meta.classes, (i - start + 1) * meta.classes);
    const others = row.filter((_, t) => t !== labels[i]);
    certified[i] = Number(others.every(margin => margin > 0 && Number.isFinite(margin)));
    leastMargins[i] = Math.min(...others);
  }
}

for (let start = 0; start < labels.length; start += size) {
  const end = Math.min(labels.length, start + size);
  const turn = (start / size) % models.length;
  for (let k = 0; k < models.length; k++) {
    const at = (k + turn) % models.length;
    await answer(models[at]!, answers[at]!, start, end);
  }
  if ((start / size) % 20 === 19) console.error(`${end} of ${labels.length} examples`);
}
tf.dispose(params);

const band = answers[0]!;
const table = new Table({
  head: [
    'schedule',
    'not certified',
    'gained / lost against band',
    'margin larger than band',
    'ms per example',
    'times band',
  ],
  colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [] },
});
for (const [index, [name]] of schedules.entries()) {
  const own = answers[index]!;
  const count = (holds: (i: number) => boolean): number => Array.from(labels.keys()).filter(holds).length;
  const gained = count(i => own.certified[i] === 1 && band.certified[i] === 0);
  const lost = count(i => own.certified[i] === 0 && band.certified[i] === 1);
  const larger = count(i => own.leastMargins[i]! > band.leastMargins[i]!);
  const rate = (of: number): string => `${((100 * of) / labels.length).toFixed(2)} %`;
  const ratios = own.ms.map((ms, batch) => ms / band.ms[batch]!);
  table.push([
    name,
    `${count(i => own.certified[i] === 0)} (${rate(count(i => own.certified[i] === 0))})`,
    `${gained} / ${lost}`,
    rate(larger),
    median(own.ms).toFixed(2),
    median(ratios).toFixed(2),
  ]);
}
console.log(
  `${labels.length} examples, epsilon ${epsilon}, ${flags.norm}${ball.norm === 'linf' ? `, box ${JSON.stringify(ball.box)}` : ''}, batch ${size}, ${backend.name}`,
);
console.log(table.toString());

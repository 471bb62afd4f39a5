/**
 * What rounding terms cost: the share of |J| that they take, and the time. Two modules of one network, with and without them, on the
 * same examples, batch by batch in turns, so that a busy machine slows both.
 *
 *     npm run bench:rounding -- --weights FILE [--arch FILE] [--data DATASET] [--epsilon 0.1] [--limit 3000] [--batch 16] [--no-box]
 *
 * Without --weights the network has its first weights.
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import type { RobustModel } from 'dualc/runtime';
import {
  examplesOf,
  initializeParams,
  keyFrom,
  loadDataset,
  loadWeightsFile,
  makeTensors,
  selectBackend,
} from 'dualc/runtime/node';
import { readGraph } from '../compiler/compile.ts';
import { emittedModel } from '../test/support/emitted-model.ts';

const { values: flags } = parseArgs({
  options: {
    arch: { type: 'string', default: 'examples/mnist-small.arch.ts' },
    weights: { type: 'string' },
    data: { type: 'string', default: 'digits' },
    epsilon: { type: 'string', default: '0.1' },
    limit: { type: 'string', default: '3000' },
    batch: { type: 'string', default: '16' },
    bounds: { type: 'string', default: '' },
    'no-box': { type: 'boolean', default: false },
  },
});
const [epsilon, limit, size] = [Number(flags.epsilon), Number(flags.limit), Number(flags.batch)];

const backend = await selectBackend();
console.error(`backend ${backend.name}: ${backend.reason}`);
const { graph } = readGraph(flags.arch);
const ball = flags['no-box'] ? ({ norm: 'linf', epsilon, box: null } as const) : graph.ball;
const model = (arithmetic: 'float32' | 'real'): Promise<RobustModel> =>
  emittedModel({ ...graph, ball }, { arithmetic, bounds: flags.bounds });
const covered = await model('float32');
const ignored = await model('real');
const { classes, inputShape } = covered.meta;
const params =
  flags.weights === undefined
    ? initializeParams(covered.meta.parameters, keyFrom(1), 'he')
    : makeTensors((await loadWeightsFile(flags.weights, covered.meta)).weights);
const { values, labels } = examplesOf(await loadDataset(flags.data, { split: 'test', limit }));
const entries = values.length / labels.length;

async function margins(model: RobustModel, start: number, end: number): Promise<{ J: Float32Array; ms: number }> {
  const x = tf.tensor(values.slice(start * entries, end * entries), [end - start, ...inputShape]);
  const y = tf.tensor1d(labels.slice(start, end), 'int32');
  const began = performance.now();
  const found = model.margins(params, x, y, epsilon);
  const J = (await found.data<'float32'>()).slice();
  const ms = performance.now() - began;
  tf.dispose([x, y, found]);
  return { J, ms };
}

const shares: number[] = [];
const lost: string[] = [];
const time = { covered: [] as number[], ignored: [] as number[] };
let certified = 0;
for (let start = 0; start < labels.length; start += size) {
  const end = Math.min(labels.length, start + size);
  const order = (start / size) % 2 === 0 ? ([covered, ignored] as const) : ([ignored, covered] as const);
  const results = new Map<RobustModel, Awaited<ReturnType<typeof margins>>>();
  for (const each of order) results.set(each, await margins(each, start, end));
  const [sound, plain] = [results.get(covered)!, results.get(ignored)!];
  if (start > 0 && end - start === size) {
    time.covered.push(sound.ms / size);
    time.ignored.push(plain.ms / size);
  }
  for (let example = start; example < end; example++) {
    const least = (J: Float32Array): number => {
      const row = [...J.subarray((example - start) * classes, (example - start + 1) * classes)];
      return Math.min(...row.filter((_, t) => t !== labels[example]));
    };
    for (let t = 0; t < classes; t++) {
      if (t === labels[example]) continue;
      const at = (example - start) * classes + t;
      shares.push((plain.J[at]! - sound.J[at]!) / Math.abs(plain.J[at]!));
    }
    const [before, after] = [least(plain.J), least(sound.J)];
    if (after > 0) certified++;
    if (before > 0 && !(after > 0))
      lost.push(`example ${example}: J ${before.toPrecision(3)} without, ${after.toPrecision(3)} with`);
  }
}
const at = (list: number[], quantile: number): number =>
  list.toSorted((a, b) => a - b)[Math.min(list.length - 1, Math.floor(quantile * list.length))]!;
const percent = (share: number): string => `${(100 * share).toPrecision(3)} %`;
console.log(`${flags.arch}, ${labels.length} examples, epsilon ${epsilon}, batch ${size}, bounds '${flags.bounds}'`);
console.log(
  `share of |J|: median ${percent(at(shares, 0.5))}, 95th percentile ${percent(at(shares, 0.95))}, largest ${percent(at(shares, 1))}`,
);
console.log(`certified ${certified}; lost to rounding ${lost.length}`);
for (const line of lost) console.log(`  ${line}`);
const ratios = time.covered.map((ms, i) => ms / time.ignored[i]!);
console.log(
  `ms per example: ${at(time.ignored, 0.5).toFixed(2)} without, ${at(time.covered, 0.5).toFixed(2)} with; median ratio ${at(ratios, 0.5).toFixed(3)}`,
);

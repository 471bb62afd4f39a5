/**
 * dualc beside `convex_adversarial` and `auto_LiRPA`, on the same weights, images, ball and number of threads, in rounds in one run; and whether
 * all of them prove the same. Peers that Python does not import are named and left out:
 *
 *     npm run bench:peers -- [--python python3] [--arch FILE] [--weights FILE] [--data digits] [--epsilon 0.1] [--batch 16]
 *         [--repeat 5] [--threads 1] [--backend wasm] [--tolerance 1e-3] [--json FILE]
 *
 * The bounds that are compared are dualc's without its rounding terms, which no peer has; what is timed has them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import {
  examplesOf,
  initializeParams,
  keyFrom,
  loadDataset,
  loadWeightsFile,
  makeTensors,
  type RobustModel,
  saveWeights,
  selectBackend,
} from 'dualc/runtime/node';
import { readGraph } from '../../compiler/compile.ts';
import { runRounds } from '../../runtime/bench/rounds.ts';
import { spreadOf } from '../../runtime/bench/spread.ts';
import { createProgress } from '../../runtime/report/progress.ts';
import { readTensors } from '../../runtime/train/snapshot.ts';
import { writeSafetensors } from '../../runtime/weights/write-safetensors.ts';
import { emittedModel } from '../../test/support/emitted-model.ts';
import { exportedLayers } from './exported-network.ts';
import { type Peer, peerKinds, startPeer, whyAbsent } from './peer-process.ts';

const { values: flags } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    arch: { type: 'string', default: 'examples/mnist-small.arch.ts' },
    weights: { type: 'string' },
    data: { type: 'string', default: 'digits' },
    epsilon: { type: 'string', default: '0.1' },
    batch: { type: 'string', default: '16' },
    repeat: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'wasm' },
    tolerance: { type: 'string', default: '1e-3' },
    json: { type: 'string' },
  },
});
const [epsilon, batch, rounds, threads] = [flags.epsilon, flags.batch, flags.repeat, flags.threads].map(Number) as [
  number,
  number,
  number,
  number,
];
const tolerance = Number(flags.tolerance);
process.env.TF_NUM_INTRAOP_THREADS = String(threads);

const backend = await selectBackend({ prefer: flags.backend, source: '--backend' });
console.error(`backend ${backend.name}: ${backend.reason}`);
if (backend.threads !== threads)
  console.error(`warning: ${backend.name} computes on ${backend.threads} threads, the peers on ${threads}`);
const { graph } = readGraph(flags.arch);
const layers = exportedLayers(graph);
const [model, inRealNumbers] = await Promise.all([
  emittedModel(graph, { certifyBatch: batch }),
  emittedModel(graph, { certifyBatch: batch, arithmetic: 'real' }),
]);
const { meta } = model;
const params =
  flags.weights === undefined
    ? initializeParams(meta.parameters, keyFrom(0), 'he')
    : makeTensors((await loadWeightsFile(flags.weights, meta)).weights);
const { values, labels } = examplesOf(await loadDataset(flags.data, { split: 'test', limit: batch }));
const x = tf.tensor(values, [batch, ...meta.inputShape]);
const y = tf.tensor1d(labels, 'int32');

interface Column {
  readonly name: string;
  /** J, `[batch · classes]`. */
  readonly margins: readonly number[];
  run(): Promise<void>;
}

async function marginsOf(computing: RobustModel): Promise<number[]> {
  const margins = computing.margins(params, x, y, epsilon);
  const read = Array.from(await margins.data());
  margins.dispose();
  return read;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-peers-'));
const peers: Peer[] = [];
try {
  const facts = path.join(folder, 'network.json');
  const [weightsFile, inputsFile] = [path.join(folder, 'weights.safetensors'), path.join(folder, 'inputs.safetensors')];
  await saveWeights(weightsFile, await readTensors(params), meta, 'pytorch');
  const channelsFirst = meta.inputShape.length === 3 ? tf.transpose(x, [0, 3, 1, 2]) : x;
  await writeSafetensors(inputsFile, [
    { name: 'x', dtype: 'F32', shape: channelsFirst.shape, data: await channelsFirst.data<'float32'>() },
    { name: 'labels', dtype: 'I32', shape: [batch], data: labels },
  ]);
  const { norm, box } = meta.ball;
  const said = { layers, weights: weightsFile, inputs: inputsFile, classes: meta.classes, norm, box, epsilon, threads };
  writeFileSync(facts, JSON.stringify(said));

  const columns: Column[] = [
    {
      name: `dualc, ${backend.name}`,
      margins: await marginsOf(inRealNumbers),
      run: async () => void (await marginsOf(model)),
    },
  ];
  for (const kind of peerKinds) {
    const why = whyAbsent(kind, flags.python);
    if (why !== null) {
      console.error(`${kind.name} is left out: ${why}`);
      continue;
    }
    const peer = await startPeer(kind, flags.python, facts, threads);
    peers.push(peer);
    columns.push({ name: kind.name, margins: (await peer.margins()).flat(), run: () => peer.run() });
    console.error(`${kind.name} is ready`);
  }
  const progress = createProgress({
    stream: process.stderr,
    total: rounds * columns.length,
    unit: 'turns',
    lineSeconds: 10,
  });
  const times = await runRounds(columns, {
    rounds,
    now: () => performance.now(),
    turnMs: 0,
    onceAbove: 120_000,
    onTurn: done => progress.update(done, 'in rounds'),
  });
  progress.stop();
  report(columns, times);
} finally {
  for (const peer of peers) peer.stop();
  rmSync(folder, { recursive: true, force: true });
}

function report(columns: readonly Column[], times: readonly (readonly number[])[]): void {
  const own = columns[0]!;
  const size = Math.max(...own.margins.map(Math.abs));
  const rows = columns.map(({ name, margins }, index) => {
    const difference = Math.max(...margins.map((J, at) => Math.abs(J - own.margins[at]!))) / size;
    const ms = spreadOf(times[index]!.map(time => time / batch));
    // How much slower than dualc, round by round: a busy machine slows both.
    const ratio = spreadOf(times[index]!.map((time, round) => time / times[0]![round]!));
    return { name, msPerExample: ms, timesOfDualc: ratio, difference, agrees: difference <= tolerance };
  });
  const table = new Table({
    head: ['', 'ms per example', 'min', 'max', 'times dualc', 'largest difference of J', `within ${tolerance}`],
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  const digits = (value: number): string => String(Number(value.toPrecision(3)));
  for (const { name, msPerExample: ms, timesOfDualc, difference, agrees } of rows)
    table.push([
      name,
      ...[ms.median, ms.min, ms.max, timesOfDualc.median].map(digits),
      difference.toExponential(1),
      agrees ? 'yes' : 'NO: they do not bound the same',
    ]);
  const weights = flags.weights ?? 'first weights';
  console.log(
    `${flags.arch}, ${weights}, ${batch} images of ${flags.data}, ${meta.ball.norm} epsilon ${epsilon}, ${threads} thread(s), ${rounds} rounds`,
  );
  console.log(table.toString());
  if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify({ schema: 1, ...flags, rows })}\n`);
  if (rows.some(({ agrees }) => !agrees)) process.exitCode = 1;
}

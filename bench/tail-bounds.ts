/**
 * Bounds that hold with a probability: how often they fail, what they cost, and what they certify beside exact ones; the table of
 * docs/probability.md. Run
 *
 *     npm run bench:tail-bounds -- --network mnist-small --weights FILE --data mnist --epsilon 0.1 --delta 0.01,0.3 --projections 256
 *
 * Without `--weights` the network has first weights. A failure is a run under a key of its own, of one example, in which some estimate is
 * below the exact norm given the same bands before it.
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import {
  certify,
  examplesOf,
  initializeParams,
  keyFrom,
  loadDataset,
  type Params,
  type RobustModel,
  selectBackend,
} from 'dualc/runtime/node';
import { buildDual } from '../compiler/3-dual/build-dual.ts';
import { estimatesOf } from '../compiler/4-schedule/probability.ts';
import { readGraph } from '../compiler/compile.ts';
import { binomialInterval } from '../runtime/statistics/binomial-interval.ts';
import { type EmissionOptions, emittedModel } from '../test/support/emitted-model.ts';
import { paramsFor } from './load-bench-model.ts';

const { values: given } = parseArgs({
  options: {
    network: { type: 'string', default: 'mnist-small' },
    weights: { type: 'string' },
    data: { type: 'string', default: 'digits' },
    'data-dir': { type: 'string' },
    epsilon: { type: 'string', default: '0.1' },
    delta: { type: 'string', default: '0.01' },
    projections: { type: 'string', default: '256' },
    estimators: { type: 'string', default: '1' },
    examples: { type: 'string', default: '100' },
    keys: { type: 'string', default: '200' },
    backend: { type: 'string', default: 'wasm' },
  },
});
const numbers = (text: string): number[] => text.split(',').map(Number);
const [epsilon, count, keys] = [Number(given.epsilon), Number(given.examples), Number(given.keys)];

await selectBackend({ prefer: given.backend });
const { graph } = readGraph(`examples/${given.network}.arch.ts`);
const dual = buildDual(graph);
const compiled = (options: EmissionOptions): Promise<RobustModel> => emittedModel(graph, options);
const exact = await compiled({});
const params: Params =
  given.weights === undefined
    ? initializeParams(exact.meta.parameters, keyFrom(1))
    : await paramsFor(exact, given.weights);
const { values, labels } = examplesOf(
  await loadDataset(given.data, { split: 'test', limit: count, dataDir: given['data-dir'] }),
);

interface Sizes {
  readonly delta: number;
  readonly projections: number;
  readonly estimators: number;
}

/** The estimated bounds, in order, and how many estimates each makes. */
function estimated(model: RobustModel): { readonly name: string; readonly estimates: number }[] {
  return model.meta.certify.choices
    .filter(({ strategy }) => strategy.startsWith('a sketch'))
    .map(({ bound: name }) => ({
      name,
      estimates: estimatesOf(dual.bounds.find(bound => bound.name === name)!, dual),
    }));
}

/** For each estimated bound the module that estimates those before it in the same way, and computes that one by exact rows. */
async function truths(model: RobustModel, sizes: Sizes): Promise<RobustModel[]> {
  const bounds = estimated(model);
  const total = bounds.reduce((sum, { estimates }) => sum + estimates, 0);
  let before = 0;
  const models: RobustModel[] = [];
  for (const [index, { estimates }] of bounds.entries()) {
    // As many times less for as many times fewer estimates: each is enlarged as before.
    const probability = before === 0 ? null : { ...sizes, delta: (sizes.delta * before) / total };
    const others = bounds.slice(index).map(({ name }) => `certify:${name}=exact`);
    models.push(await compiled({ probability, bounds: others.join(',') }));
    before += estimates;
  }
  return models;
}

async function widths(model: RobustModel, bound: string, example: number, seed: number): Promise<Float32Array> {
  const size = values.length / count;
  const x = tf.tensor(values.subarray(example * size, (example + 1) * size), [1, ...model.meta.inputShape]);
  const bounds = model.bounds(params, x, epsilon, keyFrom(seed));
  const { lower, upper } = bounds[bound]!;
  const width = tf.sub(upper, lower);
  const result = await width.data<'float32'>();
  tf.dispose([x, width, ...Object.values(bounds).flatMap(each => [each.lower, each.upper])]);
  return result;
}

/** Runs in which some estimate is too small, and the median of estimated over exact norms. */
async function failures(sizes: Sizes): Promise<{ readonly failed: number; readonly ratio: number }> {
  const model = await compiled({ probability: sizes });
  const exactly = await truths(model, sizes);
  const bounds = estimated(model);
  const ratios: number[] = [];
  let failed = 0;
  for (let seed = 0; seed < keys; seed++) {
    let isShort = false;
    for (const [index, { name }] of bounds.entries()) {
      const found = await widths(model, name, seed % count, seed);
      const wanted = await widths(exactly[index]!, name, seed % count, seed);
      found.forEach((width, i) => {
        // Both hold what rounding may hide; the difference of ends is rounded once more.
        if (width < wanted[i]! * (1 - 1e-4)) isShort = true;
        if (wanted[i]! > 0) ratios.push(width / wanted[i]!);
      });
    }
    if (isShort) failed++;
  }
  ratios.sort((a, b) => a - b);
  return { failed, ratio: ratios[Math.floor(ratios.length / 2)]! };
}

interface Figures {
  readonly error: string;
  readonly crossEntropy: string;
  readonly milliseconds: string;
}

async function certified(model: RobustModel, seed: number | null): Promise<Figures> {
  const options = { epsilon, batch: 8, ...(seed === null ? {} : { probability: { seed } }) };
  const result = await certify(model, params, { values, labels }, options);
  return {
    error: `${(100 * result.robust.rate).toFixed(1)} %`,
    crossEntropy: result.robustCrossEntropy?.toFixed(3) ?? 'not finite',
    milliseconds: (1000 * result.secondsPerExample).toPrecision(3),
  };
}

const table = new Table({
  head: ['network', 'δ', 'k', 'm', 'N', '1/(1 − ε)', 'failed', '95 % interval', 'widths', 'robust error', 'CE', 'ms'],
  style: { head: [], border: [] },
});
const plain = await certified(exact, null);
table.push([given.network, 'exact', '', '', '', '', '', '', '', plain.error, plain.crossEntropy, plain.milliseconds]);
for (const delta of numbers(given.delta))
  for (const projections of numbers(given.projections))
    for (const estimators of numbers(given.estimators)) {
      const sizes = { delta, projections, estimators };
      const model = await compiled({ probability: sizes });
      const { proof } = model.meta.certify;
      if (proof.kind !== 'probability') throw new Error(`${given.network} estimates nothing`);
      const { failed, ratio } = keys === 0 ? { failed: 0, ratio: Number.NaN } : await failures(sizes);
      const interval =
        keys === 0 ? 'not run' : binomialInterval(failed, keys).map(end => `${(100 * end).toFixed(1)} %`);
      const figures = await certified(model, 1);
      table.push([
        given.network,
        ...[delta, projections, estimators, proof.estimates],
        (1 / (1 - proof.tail)).toFixed(3),
        keys === 0 ? '' : `${failed} of ${keys}`,
        String(interval).replace(',', ' to '),
        Number.isNaN(ratio) ? '' : ratio.toFixed(2),
        ...[figures.error, figures.crossEntropy, figures.milliseconds],
      ]);
      console.error(`δ = ${delta}, k = ${projections}, m = ${estimators}: done`);
    }
console.log(`${count} examples of ${given.data}, epsilon ${epsilon}, ${given.backend}, one thread, batches of eight`);
console.log(table.toString());

/**
 * Measures the rates that predicted times are made of: `npm run bench:rates -- [--backend native]`. It prints them; `--write` also writes
 * them where the compiler reads them. The least of many runs counts, so that a busy machine does little harm.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import { nanosecondsOf } from '../compiler/4-schedule/rates/rate.ts';
import { type ShippedRates, shippedRates } from '../compiler/4-schedule/rates/shipped-rates.ts';
import { measureRates } from '../compiler/cli/rates/measure-rates.ts';
import { selectBackend } from '../runtime/backend/select-backend.ts';
import { createProgress } from '../runtime/report/progress.ts';

const { values: flags } = parseArgs({
  options: { write: { type: 'boolean', default: false }, backend: { type: 'string', default: 'wasm' } },
});
const descriptions: Readonly<Record<ShippedRates, string>> = {
  wasm: `Of the WebAssembly backend on one thread (TensorFlow.js ${tf.version_core}, SIMD)`,
  native: `Of TensorFlow on one thread of a CPU, as \`dualc setup native\` builds it (TensorFlow.js ${tf.version_core})`,
};
const isShipped = (name: string): name is ShippedRates => Object.hasOwn(shippedRates, name);
const { backend } = flags;
if (!isShipped(backend))
  throw new Error(`--backend ${backend}: rates are shipped for ${Object.keys(shippedRates).join(', ')}`);
// Read when TensorFlow is loaded: rates of one thread, as those of WebAssembly.
process.env.TF_NUM_INTRAOP_THREADS = '1';
await selectBackend({ prefer: backend, source: '--backend' });

const progress = createProgress({ stream: process.stderr, total: 1, unit: 'operations', start: 0, lineSeconds: 20 });
const { rates, cases } = await measureRates((done, all) => progress.update(done / all, ''));
progress.stop();

const table = new Table({ head: ['', 'measured, µs', 'fitted, µs'], style: { head: [], border: [] } });
for (const each of cases)
  table.push([
    `${each.family}: ${each.what}`,
    (each.nanoseconds / 1e3).toFixed(1),
    (nanosecondsOf(rates[each.family], each) / 1e3).toFixed(1),
  ]);
console.error(table.toString());

const text = `/**
 * ${descriptions[backend]}. Another
 * machine is faster or slower by much the same factor everywhere, and the choices stay. Written by
 * \`npm run bench:rates -- --backend ${backend} --write\`.
 */
import type { Rates } from './rate.ts';

export const ${backend}Rates: Rates = {
${Object.entries(rates)
  .map(([family, { perDispatch, perMultiplyAdd, perEntry }]) => {
    const digits = (value: number): number => Number(value.toPrecision(2));
    return `  ${family}: { perDispatch: ${digits(perDispatch)}, perMultiplyAdd: ${digits(perMultiplyAdd)}, perEntry: ${digits(perEntry)} },`;
  })
  .join('\n')}
};
`;
console.log(text);
if (flags.write) writeFileSync(new URL(`../compiler/4-schedule/rates/${backend}.ts`, import.meta.url), text);

/**
 * The rates that predicted times are made of, measured on the WebAssembly backend: single operations over a range of sizes, fitted per
 * family so that no time is off by much of itself. `npm run bench:rates` prints them; `-- --write` also writes them where the compiler
 * reads them. The least of many runs counts, so that a busy machine does little harm.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import type { Rates, TimedFamily } from '../compiler/4-schedule/rates/rate.ts';
import { nanosecondsOf } from '../compiler/4-schedule/rates/rate.ts';
import { inferShape, operationOf } from '../compiler/5-program/op-table.ts';
import { workOf } from '../compiler/candidate-cost.ts';
import { useBackend } from '../test/support/run-on-backend.ts';
import { fitRate, type Measured } from './rates/fit-rate.ts';
import { type TimedCase, timedCases } from './rates/timed-cases.ts';

const { values: flags } = parseArgs({ options: { write: { type: 'boolean', default: false } } });

await useBackend('wasm');
const measured = new Map<TimedFamily, (Measured & { readonly what: string })[]>();
for (const each of timedCases) {
  const family = each.standsFor ?? operationOf(each.op).family;
  const work = workOf(each.op, each.shapes, inferShape(each.op, each.shapes), 1);
  const list = measured.get(family) ?? [];
  list.push({
    ...work,
    nanoseconds: nanosecondsFor(each),
    what: titleOf(each),
  });
  measured.set(family, list);
}

const fitted = Object.fromEntries([...measured].map(([family, cases]) => [family, fitRate(cases)]));
/** Another view of a tensor, and the bookkeeping of a loop: what TensorFlow.js takes for a tensor that it does not touch. */
const rates = { ...fitted, free: { ...fitted.free, perEntry: 0 } } as unknown as Rates;

const table = new Table({ head: ['', 'measured, µs', 'fitted, µs'], style: { head: [], border: [] } });
for (const [family, cases] of measured)
  for (const each of cases)
    table.push([
      `${family}: ${each.what}`,
      (each.nanoseconds / 1e3).toFixed(1),
      (nanosecondsOf(rates[family], each) / 1e3).toFixed(1),
    ]);
console.error(table.toString());

const text = `/**
 * Of the WebAssembly backend on one thread (TensorFlow.js ${tf.version_core}, SIMD). Another machine is faster or slower by much the same
 * factor everywhere, and the choices stay. Written by \`npm run bench:rates -- --write\`.
 */
import type { Rates } from './rate.ts';

export const wasmRates: Rates = {
${Object.entries(rates)
  .map(([family, { perDispatch, perMultiplyAdd, perEntry }]) => {
    const digits = (value: number): number => Number(value.toPrecision(2));
    return `  ${family}: { perDispatch: ${digits(perDispatch)}, perMultiplyAdd: ${digits(perMultiplyAdd)}, perEntry: ${digits(perEntry)} },`;
  })
  .join('\n')}
};
`;
console.log(text);
if (flags.write) writeFileSync(new URL('../compiler/4-schedule/rates/wasm.ts', import.meta.url), text);

function titleOf({ op, shapes }: TimedCase): string {
  const [first = '', ...others] = shapes.map(shape => `[${shape.join(', ')}]`);
  const rest = others.length > 1 ? ` and ${others.length} more` : others.map(other => ` and ${other}`).join('');
  return `${op.kind} ${first}${rest}`;
}

function nanosecondsFor({ shapes, run }: TimedCase): number {
  const operands = shapes.map(shape => tf.randomUniform(shape.map(Number), 0.1, 1));
  const once = (): void => tf.dispose(run(...operands));
  once();
  let [least, turns] = [Number.POSITIVE_INFINITY, 1];
  const end = performance.now() + 400;
  do {
    const began = performance.now();
    for (let turn = 0; turn < turns; turn++) once();
    const took = performance.now() - began;
    if (took < 2) turns *= 2;
    else least = Math.min(least, took / turns);
  } while (performance.now() < end);
  tf.dispose(operands);
  return least * 1e6;
}

/** Certification and attacks by threads against the same in one: bit for bit, also when threads die. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attackExamples } from '../../../runtime/attack/attack-examples.ts';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { certify } from '../../../runtime/certify/certify.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { readTensors } from '../../../runtime/train/snapshot.ts';
import { attackByWorkers } from '../../../runtime/workers/attack-by-workers.ts';
import { certifyByWorkers } from '../../../runtime/workers/certify-by-workers.ts';
import { startWorkers, type Workers } from '../../../runtime/workers/start-workers.ts';
import { toyData, toyModel, toyParams } from '../../support/toy-model.ts';
import { bundled } from '../../support/workers/bundled.ts';
import { smallValue } from '../../support/workers/trapping-module.ts';

const model = toyModel();
const data = toyData(40, 6);
const bundles = { toy: bundled('toy-module'), dying: bundled('dying-module'), trapping: bundled('trapping-module') };
const missing = new URL('no-such-module.mjs', import.meta.url);
let params: ReturnType<typeof toyParams>;
let workers: Workers | undefined;
let folder: string;

beforeAll(async () => {
  await selectBackend({ prefer: 'wasm' });
  params = toyParams(2);
});
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-workers-'));
  process.env.DUALC_TEST_DEATHS = folder;
});
afterEach(async () => {
  await workers?.close();
  workers = undefined;
  rmSync(folder, { recursive: true });
});

async function start({ href: url }: URL, count: number, given = params): Promise<Workers> {
  workers = startWorkers(
    { models: [{ kind: 'file', url }], weights: [await readTensors(given)], backend: 'wasm' },
    count,
  );
  return workers;
}

const certifying = { epsilon: 0.02, batch: 7, keepBounds: true };
const attacking = { epsilon: 0.1, batch: 7, restarts: 3, steps: 5, key: keyFrom(4) };

describe.each(['toy', 'dying'] as const)('threads that load the %s model', module => {
  it.each([1, 2, 3])('certify as one thread does: %i of them', async count => {
    const { secondsPerExample: _, ...expected } = await certify(model, params, data, certifying);
    const told: [number, number][] = [];
    const onBatch = (done: number, errors: number): void => void told.push([done, errors]);
    const asked = { ...certifying, onBatch };
    const pool = await start(bundles[module], count);
    const { secondsPerExample, ...result } = await certifyByWorkers(pool, model, params, data, asked);
    expect(result).toEqual(expected);
    expect(expected.robust.count).toBeGreaterThan(0);
    expect(secondsPerExample).toBeGreaterThan(0);
    expect(told).toHaveLength(6);
    expect(told.at(-1)).toEqual([40, expected.robust.count]);
    expect(readdirSync(folder)).toEqual(module === 'dying' ? ['certificate'] : []);
  });

  it.each([1, 2])('attack as one thread does: %i of them', async count => {
    const expected = await attackExamples(model, params, data, attacking);
    const told: [number, number][] = [];
    const asked = { ...attacking, onBatch: (done: number, broken: number) => void told.push([done, broken]) };
    const result = await attackByWorkers(await start(bundles[module], count), model, params, data, asked);
    expect(result).toEqual(expected);
    expect(expected.attack.count).toBeGreaterThan(0);
    expect(told.at(-1)).toEqual([40, expected.attack.count]);
    expect(readdirSync(folder)).toEqual(module === 'dying' ? ['attack'] : []);
  });
});

it('a trap in a thread ends one batch, which goes on in smaller ones; what traps alone is not certified', async () => {
  const whole = await certify(model, params, data, certifying);
  const pool = await start(bundles.trapping, 2);
  const result = await certifyByWorkers(pool, model, params, data, certifying);
  const trapped = [...data.labels.keys()].filter(example => data.values[6 * example]! < smallValue);
  expect(trapped.length).toBeGreaterThan(0);
  expect(result.notComputed).toEqual(trapped);
  expect(result.certified).toEqual(whole.certified.map((proved, example) => proved && !trapped.includes(example)));
  expect(result.logits).toEqual(whole.logits);
});

it('an error of the task comes from the thread as it was raised there', async () => {
  const pool = await start(missing, 2);
  await expect(certifyByWorkers(pool, model, params, data, certifying)).rejects.toThrow(/no-such-module/);
});

it('what the border refuses is refused before a thread is asked', async () => {
  const pool = await start(missing, 1);
  const outside = { ...data, values: data.values.map(value => value + 2) };
  await expect(certifyByWorkers(pool, model, params, outside, certifying)).rejects.toThrow(/outside the box/);
  await expect(attackByWorkers(pool, model, params, outside, attacking)).rejects.toThrow(/outside the box/);
});

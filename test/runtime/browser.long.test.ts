/**
 * An emitted module and `dualc/runtime` on the page of a browser, in its worker, and in a worker thread of Node: the same numbers,
 * bit for bit, as in this process. Where there is no Chromium its two tests are skipped.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type BuildOptions, build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { normal } from '../../runtime/random/draws.ts';
import { keyFrom } from '../../runtime/random/random-key.ts';
import { compileFor, importModel } from '../support/emitted-model.ts';
import { chromiumPath, startChromium } from '../support/portable/chromium.ts';
import { type Numbers, runPortableTask } from '../support/portable/portable-task.ts';
import { type FileServer, serveFiles } from '../support/portable/serve-files.ts';
import { textGraph } from '../support/text-graph.ts';
import { fixture, fixtureBytes } from './import/fixture-files.ts';

/** The network that torch wrote the fixtures of. */
const graph: LayerGraph = textGraph(`
  ball linf 0.002
  x = input() : [5, 6, 2]
  conv1 = conv2d(x) {filters: 3, kernelSize: [2, 3], strides: [1, 1], padding: [1, 1, 1, 1], useBias: true} : [6, 6, 3]
  relu1 = relu(conv1) : [6, 6, 3]
  conv2 = conv2d(relu1) {filters: 4, kernelSize: [3, 3], strides: [2, 2], padding: [0, 0, 0, 0], useBias: true} : [2, 2, 4]
  relu2 = relu(conv2) : [2, 2, 4]
  flat = flatten(relu2) : [16]
  dense1 = dense(flat) {units: 5, useBias: true} : [5]
  relu3 = relu(dense1) : [5]
  dense2 = dense(relu3) {units: 5, useBias: true} : [5]
  relu4 = relu(dense2) : [5]
  logits = dense(relu4) {units: 5, useBias: true} : [5]
  output logits`);

const checkpointNames = ['bare.zip.pth', 'bare.legacy.pth', 'net.safetensors'];
const count = 12;
const examples = {
  values: [...normal(keyFrom(3), count * 60)],
  labels: Array.from({ length: count }, (_, example) => example % 5),
};
const wasmFolder = join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), sep);
const generated = fileURLToPath(new URL('../.generated/', import.meta.url));
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the task needs, as a program in a browser would come by it. */
const inBrowser = `
  const get = async name => [name, await (await fetch('/fixtures/' + name)).arrayBuffer()];
  const task = async ({ wasmPaths, names, examples }) => runPortableTask(model, {
    wasmPaths, examples, checkpoints: Object.fromEntries(await Promise.all(names.map(get))),
  });`;

const entries = {
  page: `${inBrowser} globalThis.runTask = task;`,
  worker: `${inBrowser} onmessage = ({ data }) => task(data).then(
    numbers => postMessage({ numbers }), error => postMessage({ problem: String(error.stack) }));`,
  thread: `
    import { parentPort, workerData } from 'node:worker_threads';
    parentPort.postMessage(await runPortableTask(model, workerData));`,
};

/** One bundle of the emitted module, `dualc/runtime` and the task. */
async function bundle(name: keyof typeof entries, folder: string, options: BuildOptions): Promise<void> {
  mkdirSync(generated, { recursive: true });
  const net = join(folder, 'net.js');
  writeFileSync(
    net,
    compileFor(graph, {
      language: 'js',
      runtime: 'dualc/runtime',
      tensors: 'dualc/runtime/tensors',
    }).code,
  );
  const imports = `
    import model from ${JSON.stringify(net)};
    import { runPortableTask } from ${JSON.stringify(here('../support/portable/portable-task.ts'))};`;
  await build({
    stdin: { contents: imports + entries[name], resolveDir: folder },
    bundle: true,
    format: 'esm',
    logLevel: 'error',
    alias: {
      'dualc/runtime/tensors': here('../../runtime/tensors.ts'),
      'dualc/runtime': here('../../runtime/index.ts'),
    },
    ...options,
  });
}

let folder: string;
let expected: Numbers;

beforeAll(async () => {
  mkdirSync(generated, { recursive: true });
  folder = mkdtempSync(join(generated, 'portable-'));
  const model = await importModel(compileFor(graph));
  const checkpoints = Object.fromEntries(
    await Promise.all(checkpointNames.map(async name => [name, await fixtureBytes(name)] as const)),
  );
  expected = await runPortableTask(model, { wasmPaths: wasmFolder, checkpoints, examples });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Bit for bit, and worth comparing: some certified, some not, some broken. */
function expectSame(numbers: Numbers): void {
  expect(Object.keys(numbers)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) expect(numbers[name], name).toEqual(values);
}

it('here: tells examples apart', () => {
  expect(expected['on WebAssembly, and sound']).toEqual([1, 1]);
  expect(new Set(expected.certified)).toEqual(new Set([0, 1]));
  expect(new Set(expected.broken)).toEqual(new Set([0, 1]));
  for (const name of checkpointNames)
    expect(expected[`weights of ${name}`]).toEqual(expected['weights, written and read']);
  for (const values of Object.values(expected)) expect(values.every(Number.isFinite)).toBe(true);
});

it('in a worker thread of Node', async () => {
  const outfile = join(folder, 'thread.mjs');
  await bundle('thread', folder, { outfile, platform: 'node', packages: 'external' });
  const checkpoints = Object.fromEntries(
    await Promise.all(
      checkpointNames.map(async name => [name, new Uint8Array(await readFile(fixture(name)))] as const),
    ),
  );
  const worker = new Worker(outfile, { workerData: { wasmPaths: wasmFolder, checkpoints, examples } });
  const numbers = await new Promise<Numbers>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expectSame(numbers);
});

describe.skipIf(chromiumPath === undefined)('in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let server: FileServer;
  let page: Page;

  beforeAll(async () => {
    for (const name of ['page', 'worker'] as const) {
      await bundle(name, folder, { outfile: join(folder, `${name}.js`), platform: 'browser', minify: true });
    }
    server = await serveFiles({ bundle: folder, fixtures: here('import/fixtures'), wasm: wasmFolder });
    browser = await startChromium();
    page = await browser.newPage();
    await page.goto(server.origin);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  const given = (): object => ({ wasmPaths: `${server.origin}/wasm/`, names: checkpointNames, examples });

  it('on the page', async () => {
    await page.addScriptTag({ url: '/bundle/page.js', type: 'module' });
    await page.waitForFunction('globalThis.runTask !== undefined');
    expectSame((await page.evaluate(`runTask(${JSON.stringify(given())})`)) as Numbers);
  });

  it('in a worker', async () => {
    const answer = await page.evaluate(`new Promise((resolve, reject) => {
      const worker = new Worker('/bundle/worker.js', { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = event => reject(new Error(event.message));
      worker.postMessage(${JSON.stringify(given())});
    })`);
    const { numbers, problem } = answer as { numbers: Numbers; problem?: string };
    expect(problem).toBeUndefined();
    expectSame(numbers);
  });
});

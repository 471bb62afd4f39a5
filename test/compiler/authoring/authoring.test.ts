import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '../../../compiler/1-frontend/vocabulary.ts';
import type { Layer, Network } from '../../../compiler/authoring.ts';
import * as words from '../../../compiler/authoring.ts';
import { createReporter } from '../../../compiler/diagnostics/reporter.ts';
import { withoutNames } from '../../support/compare-graphs.ts';
import { importsBehind } from '../../support/imports-behind.ts';
import { readBody, readNetwork } from '../../support/read-network.ts';

const { add, conv2d, dense, flatten, graphOfNetwork, input, linf, network, relu, reshape } = words;
const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = readdirSync(`${root}/examples`).filter(name => name.endsWith('.arch.ts'));

/** Runs a body as JavaScript with the words in scope; only bodies of this file are run. */
function run(body: string): void {
  new Function(
    ...Object.keys(words),
    `const x = input([4]); let out; ${body} network({ input: x, output: out, ball: linf({ epsilon: 0.1 }) });`,
  )(...Object.values(words));
}

function messageOf(body: string): string {
  try {
    run(body);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was thrown';
}

describe('authoring', () => {
  it('has every word of the vocabulary', () => {
    for (const word of vocabulary()) expect(words).toHaveProperty(word);
  });

  it.each(examples)('%s, imported and run, builds the graph that is read', async example => {
    const { graph } = readNetwork(`examples/${example}`, { folder: root });
    const module = (await import(pathToFileURL(`${root}/examples/${example}`).href)) as { default: Network };
    expect(withoutNames(graphOfNetwork(module.default, createReporter())!)).toEqual(withoutNames(graph!));
  });

  it.each([
    ['out = dense(x, { unts: 2 });', 'unknown-option'],
    ['out = dense(x, {});', 'missing-option'],
    ['out = dense(x);', 'missing-option'],
    ["out = dense(x, { units: '2' });", 'wrong-type'],
    ['out = dense(x, { units: 0 });', 'non-positive-size'],
    ['out = dense(x, { units: 1.5 });', 'non-integer-size'],
    ['out = dense(x, { units: 0 / 0 });', 'not-finite'],
    ["out = dense(x, { units: 2, name: 'a b' });", 'bad-name'],
    ['out = dense(7, { units: 2 });', 'wrong-type'],
    ['out = dense(add(x), { units: 2 });', 'wrong-operand-count'],
    ['out = dense(add(x, input([5])), { units: 2 });', 'add-shape-mismatch'],
    ['out = conv2d(x, { filters: 2, kernelSize: 3 });', 'wrong-rank'],
    ['out = reshape(x, { shape: [3] });', 'reshape-size-mismatch'],
    ['out = dense(input([4]), { units: 2 });', 'output-not-reached'],
    ['out = dense(x, { units: 1 });', 'output-not-logits'],
    ['out = [dense(x, { units: 2 }), relu(x)];', 'several-outputs'],
    ["out = dense(relu(x, { name: 'a' }), { units: 2, name: 'a' });", 'duplicate-name'],
    ['out = dense(x, { units: 2 }); linf({ epsilon: 0 });', 'epsilon-not-positive'],
    ['out = dense(x, { units: 2 }); linf({ epsilon: 1, box: [1, 0] });', 'empty-range'],
    ['out = dense(x, { units: 2 }); network(x);', 'wrong-type'],
    ['out = dense(x, () => 2);', 'wrong-type'],
  ])('%s throws what the compiler reports', (body, code) => {
    const titles = readBody(body).diagnostics.map(({ title }) => title);
    const message = messageOf(body);
    expect(message).toContain(`[${code}]`);
    if (code !== 'not-finite' && !body.includes('=>')) expect(titles).toContain(message.split(` [${code}]`)[0]);
  });

  it('names the shapes of both branches and the way out', () => {
    const x = input([8, 8, 3]);
    const main = conv2d(x, { filters: 4, kernelSize: 3, padding: 'same' });
    expect(() => add(main, x)).toThrow(/operand 1 is \[8, 8, 4\]\n.*operand 2 is \[8, 8, 3\]\n.*help: /);
  });

  it('throws where the mistake is, so that the stack leads there', () => {
    const mistake = (): Layer => dense(input([4]), { units: -1 });
    expect(() => mistake()).toThrow(expect.objectContaining({ stack: expect.stringContaining('mistake') }));
  });

  it('takes what the types allow', () => {
    const x = input([4, 4, 1], { range: [-1, 1], name: 'image' });
    const y = conv2d(x, {
      filters: 2,
      kernelSize: [3, 1],
      strides: [1, 2],
      padding: { top: 1, bottom: 1 },
      useBias: undefined,
    });
    const branches = [y, relu(y), relu(y, { name: undefined })];
    const z = add(...branches, { name: 'sum' });
    const logits = dense(flatten(reshape(z, { shape: [8, 2] })), { units: 2 });
    const net = network({ input: x, output: logits, ball: linf({ epsilon: 0.1, box: null }) });
    const reporter = createReporter();
    const graph = graphOfNetwork(net, reporter);
    expect(graph?.layers.map(({ id }) => id)).toEqual([
      'image',
      'conv2d_1',
      'relu_1',
      'relu_2',
      'sum',
      'reshape_1',
      'flatten_1',
      'dense_1',
    ]);
    expect(graph?.ball).toEqual({ norm: 'linf', epsilon: 0.1, box: null });
  });

  it('leaves out what the output does not need', () => {
    const x = input([4]);
    relu(x);
    const net = network({ input: x, output: dense(x, { units: 2 }), ball: words.l2({ epsilon: 1 }) });
    expect(graphOfNetwork(net, createReporter())?.layers).toHaveLength(2);
  });

  it('does not load the parser', () => {
    const loaded = importsBehind(`${root}/compiler/authoring.ts`);
    expect(loaded.files.length).toBeGreaterThan(10);
    expect(loaded.packages).not.toContain('ts-morph');
    expect(importsBehind(`${root}/compiler/1-frontend/index.ts`).packages).toContain('ts-morph');
  });

  it('leaves the parser to one file', () => {
    const folder = `${root}/compiler/1-frontend`;
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
    const users = files.filter(name => importsBehind(`${folder}/${name}`, 0).packages.includes('ts-morph'));
    expect(users).toEqual(['syntax/open-source.ts']);
  });
});

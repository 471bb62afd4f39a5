/** `dualc compile --emit js`: a module that Node imports as it is, computes what the TypeScript one does, and has its types. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { compileArchitecture } from '../../../compiler/compile.ts';
import type { RobustModel } from '../../../runtime/contract.ts';
import { makeWorkplace, smallArchitecture, type Workplace } from '../../support/command-line.ts';
import { importModel, tensorsFor } from '../../support/emitted-model.ts';

let place: Workplace;
beforeEach(async () => {
  await tf.setBackend('cpu');
  place = makeWorkplace();
  place.write('net.arch.ts', smallArchitecture);
});
afterEach(() => place.remove());

/** Under the ending `.js`, so that nothing strips types on the way. */
async function importJavaScript(code: string): Promise<RobustModel> {
  const folder = new URL('../../.generated/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = new URL(`emit-js-${process.pid}.js`, folder);
  writeFileSync(file, code);
  try {
    return ((await import(/* @vite-ignore */ file.href)) as { default: RobustModel }).default;
  } finally {
    rmSync(file);
  }
}

/** All that the model computes on fixed data, as numbers. */
function answers(model: RobustModel): Record<string, number[]> {
  const wave = (count: number, from: number): number[] =>
    Array.from({ length: count }, (_, index) => Math.sin(1 + from + 0.7 * index) / 2);
  const values = Object.fromEntries(
    model.meta.parameters.map(({ name, shape }, index) => [
      name,
      wave(
        shape.reduce((a, b) => a * b, 1),
        index,
      ),
    ]),
  );
  const x = wave(2 * 16, 3).map(value => value + 0.5);
  const { params, x: images, labels } = tensorsFor(model, { params: values, x, labels: [2, 0] });
  const loss = model.robustLoss(params, images, labels, 0.05, [1, 2]);
  const numbers: Record<string, number[]> = {
    forward: [...model.forward(params, images).dataSync()],
    margins: [...model.margins(params, images, labels, 0.05).dataSync()],
    crossEntropy: [...loss.crossEntropy.dataSync()],
    inputGradient: [...model.inputGradient(params, images, labels).gradient.dataSync()],
  };
  for (const [name, gradient] of Object.entries(loss.gradients)) numbers[name] = [...gradient.dataSync()];
  for (const [name, { lower, upper }] of Object.entries(model.bounds(params, images, 0.05)))
    numbers[`bounds of ${name}`] = [...lower.dataSync(), ...upper.dataSync()];
  return numbers;
}

describe('--emit js', () => {
  it('writes the module and its declarations, which are the same at every compilation', async () => {
    expect((await place.dualc(['compile', 'net.arch.ts', '--emit', 'js'])).err).toBe(
      'wrote net.dual.js\nwrote net.dual.d.ts\n',
    );
    expect((await place.dualc(['compile', 'net.arch.ts', '--emit', 'js'])).err).toBe(
      'net.dual.js is up to date\nnet.dual.d.ts is up to date\n',
    );
    expect(place.read('net.dual.js').split('\n')[1]).toContain('`dualc compile net.arch.ts --emit js`');
  });

  it('takes the ending of the declarations from that of the module', async () => {
    await place.dualc(['compile', 'net.arch.ts', '--emit', 'js', '-o', 'model.mjs']);
    expect(place.read('model.mjs')).toContain('export function margins(');
    expect(place.read('model.d.mts')).toContain('export declare const margins');
  });

  it('declares every export of the module, and no other', async () => {
    await place.dualc(['compile', 'net.arch.ts', '--emit', 'js']);
    const exported = [...place.read('net.dual.js').matchAll(/^export (?:const|(?:async )?function) (\w+)/gm)].map(
      ([, name]) => name,
    );
    const declared = [...place.read('net.dual.d.ts').matchAll(/^export declare const (\w+)/gm)].map(([, name]) => name);
    expect(declared.sort()).toEqual(exported.sort());
    expect(place.read('net.dual.js')).toContain('export default model');
    expect(place.read('net.dual.d.ts')).toContain('export default model');
  });

  it('computes what the TypeScript module computes, to the bit', async () => {
    const options = { runtime: '../../runtime/index.ts', tensors: '../../runtime/tensors.ts' };
    const fromTs = answers(await importModel(compileArchitecture(`${place.folder}/net.arch.ts`, options)));
    const js = compileArchitecture(`${place.folder}/net.arch.ts`, { ...options, language: 'js' });
    expect(answers(await importJavaScript(js.code))).toEqual(fromTs);
    expect(Object.values(fromTs).flat().every(Number.isFinite)).toBe(true);
    expect(Object.keys(fromTs).length).toBeGreaterThan(10);
  });
});

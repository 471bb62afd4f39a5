/** Weights of torch through layers that move its numbers about: the network computes what torch computed, or it is refused. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vocabulary } from '../../../compiler/1-frontend/vocabulary.ts';
import { importWeights } from '../../../runtime/import/import-weights.ts';
import { encodeSafetensors } from '../../../runtime/weights/encode-safetensors.ts';
import { permuteAxes, shapeIn } from '../../../runtime/weights/layout.ts';
import { elementCount } from '../../../runtime/weights/named-tensor.ts';
import { encodeWeights, readWeights } from '../../../runtime/weights/weight-bytes.ts';
import { compileFor, importModel } from '../../support/emitted-model.ts';
import { readTexts } from '../../support/read-network.ts';
import { useCpu } from '../../support/toy-model.ts';
import { fixture } from './fixture-files.ts';

interface Expected {
  /** Statements that make `logits` of `x`. */
  readonly architecture: readonly string[];
  /** Of the input, as torch has it. */
  readonly shape: readonly [channels: number, height: number, width: number];
  readonly x: readonly number[];
  readonly logits: readonly number[];
}

const networks = JSON.parse(readFileSync(fixture('orders/expected.json'), 'utf8')) as Readonly<
  Record<string, Expected>
>;
const names = Object.keys(networks);
const wordsOf = (name: string): string[] =>
  [...networks[name]!.architecture.join('\n').matchAll(/\b([a-z]\w*)\(/gi)].map(([, word]) => word!);
const known = names.filter(name => wordsOf(name).every(word => vocabulary().includes(word)));

function compiled(name: string) {
  const { architecture } = networks[name]!;
  const text = `import { ${[...new Set([...wordsOf(name), 'linf', 'network'])].join(', ')} } from 'dualc';
${architecture.join('\n')}
export default network({ input: x, output: logits, ball: linf({ epsilon: 0.1 }) });`;
  const { graph, diagnostics } = readTexts({ [`${name}.arch.ts`]: text });
  expect(diagnostics).toEqual([]);
  return compileFor(graph!);
}

const imported = (name: string) =>
  importWeights(fixture(`orders/${name}.pth`), compiled(name).meta, { layout: 'pytorch' });

beforeAll(useCpu);

describe('weights of torch', () => {
  it.each(known.filter(name => !name.startsWith('refused')))('through %s give the logits of torch', async name => {
    const { shape, x, logits } = networks[name]!;
    const model = await importModel(compiled(name));
    const { weights } = await imported(name);
    const given = permuteAxes(Float32Array.from(x), shape, [1, 2, 0]);
    const computed = tf.tidy(() => {
      const params = Object.fromEntries(
        Object.entries(weights).map(([key, { shape: own, data }]) => [key, tf.tensor(data, [...own])]),
      );
      return model.forward(params, tf.tensor(given, [1, ...model.meta.inputShape])).dataSync();
    });
    expect(computed).toHaveLength(logits.length);
    for (const [at, logit] of logits.entries()) expect(Math.abs(computed[at]! - logit)).toBeLessThan(1e-5);
  });

  it.each([
    [
      'refused-map-to-other-map',
      'no order: second (refused-map-to-other-map.arch.ts:3) reads numbers as a map that PyTorch arranges as another map, so no order of second.weight',
    ],
    [
      'refused-sum-with-dense',
      'no order: sum (refused-sum-with-dense.arch.ts:4) adds up numbers that PyTorch has in different orders, so no order of logits.weight',
    ],
  ])('that no order makes the same network are refused: %s', async (name, message) => {
    await expect(imported(name)).rejects.toThrow(message);
    await expect(imported(name)).rejects.toThrow('import that file with --layout tfjs');
    const { meta } = compiled(name);
    const weights = Object.fromEntries(
      meta.parameters.map(({ name: key, shape }) => [key, { shape, data: new Float32Array(elementCount(shape)) }]),
    );
    expect(() => encodeWeights(weights, meta, { layout: 'pytorch' })).toThrow(message);
    const saved = encodeWeights(weights, meta, { layout: 'tfjs' });
    expect(await readWeights(saved, meta)).toMatchObject({ layout: 'tfjs', weights });
    const foreign = encodeSafetensors(
      meta.parameters.map(parameter => ({
        name: parameter.name,
        dtype: 'F32',
        shape: shapeIn('pytorch', parameter),
        data: weights[parameter.name]!.data,
      })),
      { layout: 'pytorch' },
    );
    await expect(readWeights(foreign, meta)).rejects.toThrow(message);
  });

  it('are tested for every fixture', () => expect(known).toEqual(names));
});

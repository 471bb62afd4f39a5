/** What users call an emitted module with. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCall } from '../../../runtime/border/check-call.ts';
import type { CertificateOptions, Params, RobustModel } from '../../../runtime/contract.ts';
import { InputError } from '../../../runtime/errors.ts';
import { keyFrom } from '../../../runtime/random/random-key.ts';
import { initializeParams } from '../../../runtime/train/initialize.ts';
import { emittedModel } from '../../support/emitted-model.ts';
import { mlp, textGraph } from '../../support/text-graph.ts';
import { useCpu } from '../../support/toy-model.ts';

let model: RobustModel;
let params: Params;
let x: tf.Tensor;
let labels: tf.Tensor1D;

beforeAll(async () => {
  await useCpu();
  model = await emittedModel(textGraph(mlp));
  params = initializeParams(model.meta.parameters, keyFrom(1), 'he');
  x = tf.fill([2, ...model.meta.inputShape], 0.5);
  labels = tf.tensor1d([0, 1], 'int32');
});

type Change = {
  params?: unknown;
  x?: unknown;
  labels?: unknown;
  epsilon?: unknown;
  key?: unknown;
  options?: unknown;
};
type Call = (given: Change) => unknown;

const calls: Readonly<Record<string, { readonly takes: readonly (keyof Change)[]; readonly call: Call }>> = {
  forward: { takes: [], call: g => model.forward(g.params as Params, g.x as tf.Tensor) },
  bounds: { takes: ['epsilon'], call: g => model.bounds(g.params as Params, g.x as tf.Tensor, g.epsilon as number) },
  margins: {
    takes: ['labels', 'epsilon'],
    call: g => model.margins(g.params as Params, g.x as tf.Tensor, g.labels as tf.Tensor1D, g.epsilon as number),
  },
  certificate: {
    takes: ['epsilon', 'options'],
    call: g =>
      model.certificate(g.params as Params, g.x as tf.Tensor, g.epsilon as number, g.options as CertificateOptions),
  },
  robustLoss: {
    takes: ['labels', 'epsilon', 'key'],
    call: g =>
      model.robustLoss(
        g.params as Params,
        g.x as tf.Tensor,
        g.labels as tf.Tensor1D,
        g.epsilon as number,
        g.key as [number, number],
      ),
  },
  naturalLoss: {
    takes: ['labels'],
    call: g => model.naturalLoss(g.params as Params, g.x as tf.Tensor, g.labels as tf.Tensor1D),
  },
  inputGradient: {
    takes: ['labels'],
    call: g => model.inputGradient(g.params as Params, g.x as tf.Tensor, g.labels as tf.Tensor1D),
  },
};

const withParam = (name: string, tensor: unknown) => ({ params: { ...params, [name]: tensor } });
const disposed = (): tf.Tensor => {
  const tensor = tf.zeros([2, 3]);
  tensor.dispose();
  return tensor;
};
const rename = (): Change => {
  const { [Object.keys(params)[0]!]: first, ...rest } = params;
  return { params: { ...rest, 'dens1.weight': first } };
};

/** What is wrong, for the functions that take it. */
const mistakes: readonly (readonly [keyof Change, string, () => Change, RegExp])[] = [
  ['params', 'no parameters', () => ({ params: undefined }), /params is missing/],
  ['params', 'a parameter under another name', rename, /is missing.*dens1\.weight is no parameter of it; did you mean/],
  ['params', 'numbers instead of a tensor', () => withParam(Object.keys(params)[0]!, [1]), /is \[1\], not a tensor/],
  ['params', 'a disposed tensor', () => withParam(Object.keys(params)[0]!, disposed()), /is disposed/],
  ['params', 'another shape', () => withParam(Object.keys(params)[0]!, tf.zeros([9])), /is \[9\], not \[/],
  [
    'params',
    'integers',
    () => withParam(Object.keys(params)[0]!, tf.cast(params[Object.keys(params)[0]!]!, 'int32')),
    /is int32, not float32/,
  ],
  ['x', 'no examples', () => ({ x: undefined }), /x is missing: it needs a float32 tensor \[batch, /],
  ['x', 'a disposed tensor', () => ({ x: disposed() }), /x is a float32 tensor .*not disposed/],
  [
    'x',
    'one example without its batch',
    () => ({ x: tf.zeros([...model.meta.inputShape]) }),
    /x is .*it needs shape \[batch, /,
  ],
  ['x', 'an empty batch', () => ({ x: tf.zeros([0, ...model.meta.inputShape]) }), /at least one example/],
  ['x', 'integers', () => ({ x: tf.cast(x, 'int32') }), /it needs float32: tf\.cast/],
  ['labels', 'no labels', () => ({ labels: undefined }), /labels is missing/],
  ['labels', 'too few', () => ({ labels: tf.tensor1d([0], 'int32') }), /they need shape \[2\]/],
  ['labels', 'floats', () => ({ labels: tf.tensor1d([0, 1]) }), /they need int32/],
  ...[-1, Number.NaN, Number.POSITIVE_INFINITY, 1e-46, 1e39, '0.1', undefined].map(
    epsilon => ['epsilon', `radius ${epsilon}`, () => ({ epsilon }), /epsilon is .*(radius|float32)/] as const,
  ),
  ['key', 'a seed', () => ({ key: 3 }), /key is 3: it needs a key/],
  ['options', 'a radius', () => ({ options: 0.1 }), /options is 0\.1: it needs an object/],
  ['options', 'a slip', () => ({ options: { clases: labels } }), /options has no 'clases'; did you mean "classes"/],
  [
    'options',
    'a number for a choice',
    () => ({ options: { bounds: 1 } }),
    /options\.bounds is 1: it needs true or false/,
  ],
  ['options', 'a seed', () => ({ options: { key: 3 } }), /options\.key is 3: it needs a key/],
  [
    'options',
    'a list of classes',
    () => ({ options: { classes: [0, 1] } }),
    /options\.classes is \[0, 1\]: they need an/,
  ],
  [
    'options',
    'one class',
    () => ({ options: { classes: tf.tensor1d([0], 'int32') } }),
    /options\.classes.*shape \[2\]/,
  ],
  ['options', 'floats', () => ({ options: { classes: tf.tensor1d([0, 1]) } }), /options\.classes.*they need int32/],
];

describe.each(Object.keys(calls))('%s of an emitted module', name => {
  const { takes, call } = calls[name]!;
  const given = (): Change => ({ params, x, labels, epsilon: 0.1, key: keyFrom(1), options: { classes: labels } });

  it('takes what fits', async () => void expect(await call(given())).toBeDefined());

  it.each(mistakes.filter(([argument]) => ['params', 'x', ...takes].includes(argument)))(
    'refuses %s: %s',
    async (_argument, _what, change, message) => {
      const refused = async (): Promise<unknown> => call({ ...given(), ...change() });
      await expect(refused).rejects.toThrow(InputError);
      await expect(refused).rejects.toThrow(message);
      await expect(refused).rejects.toThrow(`${name} of ${model.meta.source}`);
    },
  );
});

it('a radius of 0 is the start of a ramp: for the loss alone', () => {
  expect(() => model.robustLoss(params, x, labels, 0, keyFrom(1))).not.toThrow();
  expect(() => model.margins(params, x, labels, 0)).toThrow(InputError);
});

it('a certificate that draws needs a key', () => {
  const meta = { ...model.meta, draws: ['certificate' as const] };
  const check = (options: CertificateOptions): unknown =>
    checkCall(meta, 'certificate', { params, x, epsilon: 0.1, options });
  expect(() => check({})).toThrow(/options\.key is missing: it needs a key: keyFrom/);
  expect(() => check({ key: keyFrom(1) })).not.toThrow();
});

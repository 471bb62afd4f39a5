/** What users call an emitted module with. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Params, RobustModel } from '../../../runtime/contract.ts';
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

type Change = { params?: unknown; x?: unknown; labels?: unknown; epsilon?: unknown; key?: unknown };
type Call = (given: Change) => unknown;

const calls: Readonly<Record<string, { readonly takes: readonly (keyof Change)[]; readonly call: Call }>> = {
  forward: { takes: [], call: g => model.forward(g.params as Params, g.x as tf.Tensor) },
  bounds: { takes: ['epsilon'], call: g => model.bounds(g.params as Params, g.x as tf.Tensor, g.epsilon as number) },
  margins: {
    takes: ['labels', 'epsilon'],
    call: g => model.margins(g.params as Params, g.x as tf.Tensor, g.labels as tf.Tensor1D, g.epsilon as number),
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
];

describe.each(Object.keys(calls))('%s of an emitted module', name => {
  const { takes, call } = calls[name]!;
  const given = (): Change => ({ params, x, labels, epsilon: 0.1, key: keyFrom(1) });

  it('takes what fits', () => void expect(call(given())).toBeDefined());

  it.each(mistakes.filter(([argument]) => ['params', 'x', ...takes].includes(argument)))(
    'refuses %s: %s',
    (_argument, _what, change, message) => {
      expect(() => call({ ...given(), ...change() })).toThrow(InputError);
      expect(() => call({ ...given(), ...change() })).toThrow(message);
      expect(() => call({ ...given(), ...change() })).toThrow(`${name} of ${model.meta.source}`);
    },
  );
});

it('a radius of 0 is the start of a ramp: for the loss alone', () => {
  expect(() => model.robustLoss(params, x, labels, 0, keyFrom(1))).not.toThrow();
  expect(() => model.margins(params, x, labels, 0)).toThrow(InputError);
});

/** Every function that `dualc/runtime/node` exports, called with what a hurried or a hostile program might call it with. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelMeta, RobustModel } from '../../../runtime/contract.ts';
import * as library from '../../../runtime/node.ts';
import { toyData, toyMeta, toyModel, toyParams, useCpu } from '../../support/toy-model.ts';

beforeAll(useCpu);

/** What emitted modules call, whose own functions check: see check-call.test.ts. */
const ofModules = [
  'cauchyNoise',
  'cauchyScale',
  'cauchyScaleGradient',
  'checkCall',
  'chunkedResults',
  'chunkedRows',
  'conv2d',
  'conv2dKernelGradient',
  'geometricMeans',
  'matMul',
  'normalNoise',
  'oneHot',
  'predictedClasses',
  'resultsUnless',
  'resultsWhere',
  'rowNorms',
  'rowNormsGradient',
  'rowNormsWeightGradient',
  'onWindow',
  'windowBehind',
  'rowProducts',
  'examplesAt',
  'magnitudes',
  'rowsAt',
  'transposed',
  'rowsUnless',
  'rowsWhere',
  'scaledRows',
  'slopeMapNorms',
  'summedChunks',
  'transposedConv2d',
  'transposedConv2dNorms',
  'unitRows',
  'unitRowsAt',
  'windows',
  'windowsAt',
];
const takeNothing = ['requireSoundBackend', 'selfTest'];
const errorClasses = ['EnvironmentError', 'InputError'];

const model = toyModel();
const data = toyData(4);
const params = (): Record<string, tf.Tensor> => toyParams(2);
const weights = async (): Promise<library.Weights> => library.readTensors(params());
const x = (): tf.Tensor => tf.tensor2d(data.values, [4, 6]);
const labels = (): tf.Tensor1D => tf.tensor1d(data.labels, 'int32');
const withWeight = (value: number): Record<string, tf.Tensor> => ({ ...params(), 'dense1.bias': tf.fill([8], value) });
const settings = (change: object) => ({ model, examples: data, settings: { epochs: 1, ...change } });

/** Arguments are written as JavaScript passes them, whatever their types. */
type Loose = (...given: unknown[]) => unknown;
const call = (name: string): Loose => (library as unknown as Record<string, Loose>)[name]!;

type Mistake = readonly [given: () => unknown[] | Promise<unknown[]>, message: RegExp];

const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  certify: [
    [() => [undefined, params(), data], /certify: model is missing without forward\(\): it needs the default export/],
    [() => [{ ...model, meta: undefined }, params(), data], /certify: meta is missing/],
    [() => [{ ...model, meta: { ...toyMeta, contract: 2 } }, params(), data], /contract 2.*has 4: compile it again/],
    [() => [{ ...model, certificate: undefined }, params(), data], /model is an object without certificate\(\)/],
    [
      () => [toyModel({ trainingDiffers: true }), params(), data],
      /toy\.arch\.ts differs in training, but model has no forwardInTraining\(\)/,
    ],
    [() => [model, undefined, data], /certify: params is missing/],
    [() => [model, { ...params(), extra: x() }, data], /extra is no parameter of it/],
    [() => [model, withWeight(Number.NaN), data], /dense1\.bias\[0\] is NaN/],
    [() => [model, withWeight(Number.POSITIVE_INFINITY), data], /dense1\.bias\[0\] is Infinity/],
    [() => [model, params(), undefined], /examples\.values is missing/],
    [() => [model, params(), { values: data.values, labels: [0, 1, 2, 0] }], /examples\.labels is \[0, 1, 2, 0\]/],
    [() => [model, params(), data, { epsilonn: 0.1 }], /certify: options has no 'epsilonn'; did you mean "epsilon"/],
    [() => [model, params(), data, { epsilon: -1 }], /options\.epsilon is -1/],
    [() => [model, params(), data, { epsilon: 1e-46 }], /options\.epsilon is 1e-46: it vanishes in float32/],
    [() => [model, params(), data, { epsilon: Number.POSITIVE_INFINITY }], /options\.epsilon is Infinity/],
    [() => [model, params(), data, { batch: 0 }], /options\.batch is 0/],
    [() => [model, params(), data, { batch: 1.5 }], /options\.batch is 1\.5/],
    [() => [model, params(), data, { batch: Number.NaN }], /options\.batch is NaN/],
    [() => [model, params(), data, { keepBounds: 1 }], /options\.keepBounds is 1/],
    [() => [model, params(), data, 0.1], /options is 0\.1: it needs an object/],
  ],
  attackExamples: [
    [() => [{}, params(), data], /attackExamples: model/],
    [() => [model, {}, data], /dense1\.weight is missing/],
    [() => [model, withWeight(Number.NaN), data], /dense1\.bias\[0\] is NaN/],
    [() => [model, params(), data, { batch: 0 }], /options\.batch is 0/],
    [() => [model, params(), data, { restarts: 0 }], /options\.restarts is 0/],
    [() => [model, params(), data, { steps: -1 }], /options\.steps is -1/],
    [() => [model, params(), data, { stepSize: 0 }], /options\.stepSize is 0/],
    [() => [model, params(), data, { norm: 'l1' }], /options\.norm is "l1": it needs 'linf' or 'l2'/],
    [() => [model, params(), data, { box: [1, 0] }], /options\.box is \[1, 0\]/],
    [() => [model, params(), data, { epsilon: 1e-46 }], /vanishes/],
    [() => [model, params(), data, { key: 1 }], /options\.key is 1/],
    [() => [model, params(), data, { first: 1 }], /has no 'first'/],
    [() => [model, params(), data, { box: [0.9, 1] }], /outside the box \[0\.9, 1\]/],
  ],
  certifyCascade: [
    [() => [undefined, data], /certifyCascade: stages is missing: it needs a model, and in params a list/],
    [() => [{ model, params: params() }, data], /in params a list of the parameters of each stage/],
    [() => [{ model, params: [] }, data], /stages is an object: it needs a model, and in params a list/],
    [() => [{ params: [params()] }, data], /model is missing/],
    [() => [{ model, params: [params(), undefined] }, data], /certify: params is missing/],
    [() => [{ model, params: [params()] }, data, { cascade: { rule: 'vote' } }], /cascade\.rule is "vote"/],
    [() => [{ model, params: [params()] }, data, { cascade: { thresholds: [0, 0] } }], /2 thresholds and 1 stages/],
    [
      () => [{ model, params: [params()] }, data, { cascade: { thresholds: [-1] } }],
      /thresholds\.0 is -1: it needs a finite number, at least 0/,
    ],
    [() => [{ model, params: [params()] }, data, { cascade: { order: 1 } }], /has no 'order'/],
    [() => [{ model, params: [params()] }, data, { epsilon: 0 }], /options\.epsilon is 0/],
  ],
  predictByCascade: [
    [() => [undefined, data], /stages is missing/],
    [() => [{ model, params: [withWeight(Number.NaN)] }, data], /dense1\.bias\[0\] is NaN/],
    [() => [{ model, params: [params()] }, undefined], /examples\.values is missing/],
  ],
  keepDerived: [
    [() => [undefined], /keepDerived: params is missing: it needs tensors, by name/],
    [() => [{ w: [1, 2] }], /keepDerived: w is \[1, 2\], not a tensor/],
    [
      () => {
        const w = tf.scalar(1);
        w.dispose();
        return [{ w }];
      },
      /keepDerived: w is disposed/,
    ],
  ],
  pgdAttack: [
    [() => [model, params(), data.values, labels()], /pgdAttack of toy\.arch\.ts: x is a Float32Array/],
    [() => [model, params(), x(), tf.tensor1d([0, 1, 2, 3], 'int32')], /example 3 has label 3.*3 classes/],
    [() => [model, params(), x(), tf.tensor1d([-1, 1, 2, 0], 'int32')], /example 0 has label -1/],
    [() => [model, params(), tf.fill([4, 6], 1.5), labels()], /is 1\.5, outside the box/],
    [() => [model, params(), tf.fill([4, 6], Number.NaN), labels()], /is NaN, outside the box/],
    [() => [model, params(), x(), labels(), { setps: 3 }], /no 'setps'; did you mean "steps"/],
    [() => [model, params(), x(), labels(), { epsilon: 0 }], /options\.epsilon is 0/],
  ],
  defaultStepSize: [
    [() => [-1, 10], /defaultStepSize: epsilon is -1/],
    [() => [0.1, 0.5], /defaultStepSize: steps is 0\.5/],
  ],
  train: [
    [() => [undefined], /train: run is missing/],
    [() => [{ examples: data }], /run needs a model, or phases/],
    [() => [{ model, phases: [], examples: data }], /one of the two/],
    [() => [{ model, examples: data, setings: {} }], /run has no 'setings'; did you mean "settings"/],
    [() => [{ model, examples: { ...data, labels: data.labels.with(1, 9) } }], /example 1 has label 9/],
    [() => [{ model, examples: { ...data, proved: [0, 1, 0, 1] } }], /examples\.proved is \[0, 1, 0, 1\]/],
    [
      () => [{ model, examples: { ...data, proved: Uint8Array.of(1) } }],
      /examples\.proved has length 1, and there are 4 examples/,
    ],
    [async () => [{ model, examples: data, initial: { w: 3 } }], /train: run\.initial/],
    [
      async () => [
        {
          model,
          examples: data,
          initial: { ...(await weights()), 'dense1.bias': { shape: [1], data: new Float32Array(1) } },
        },
      ],
      /run\.initial does not fit toy\.arch\.ts: .*dense1\.bias/,
    ],
    [() => [{ model, examples: { ...data, values: data.values.with(1, 9) } }], /is 9, outside the box/],
    [() => [settings({ epochs: 0 })], /settings\.epochs is 0/],
    [() => [settings({ batch: 0 })], /settings\.batch is 0/],
    [() => [settings({ learningRate: 0 })], /settings\.learningRate is 0/],
    [() => [settings({ learningRate: -0.1 })], /settings\.learningRate is -0\.1/],
    [() => [settings({ learningRate: Number.NaN })], /settings\.learningRate is NaN/],
    [() => [settings({ optimizer: { kind: 'sgd', momentum: 1, weightDecay: 0 } })], /optimizer\.momentum is 1/],
    [() => [settings({ optimizer: { kind: 'sgd', momentum: 2, weightDecay: 0 } })], /optimizer\.momentum is 2/],
    [() => [settings({ optimizer: { kind: 'adam', weightDecay: -1 } })], /optimizer\.weightDecay is -1/],
    [() => [settings({ optimizer: { kind: 'lbfgs' } })], /it needs kind 'adam' or 'sgd'/],
    [() => [settings({ epsilon: { from: 0, to: 1e-46, epochs: 1 } })], /epsilon\.to is 1e-46: it vanishes/],
    [() => [settings({ epsilon: { from: -1, to: 0.1, epochs: 1 } })], /epsilon\.from is -1/],
    [() => [settings({ epsilon: 0.1 })], /settings\.epsilon is 0\.1: it needs an object/],
    [() => [settings({ naturalWeight: { from: 1, to: 2, epochs: 1 } })], /naturalWeight\.to is 2/],
    [() => [settings({ clip: 0 })], /settings\.clip is 0/],
    [() => [settings({ seed: -1 })], /settings\.seed is -1/],
    [() => [settings({ initialization: 'ones' })], /initialization is "ones"/],
    [() => [settings({ momentum: 0.9 })], /settings has no 'momentum'/],
    [() => [settings({ augment: { shift: 1, flip: true } })], /augment moves images/],
    [
      () => [{ phases: [{ bounds: 'interval', epochs: 2, model }], examples: data, settings: { epochs: 3 } }],
      /phases have 2 epochs, and settings\.epochs is 3/,
    ],
    [
      async () => {
        const position = { epoch: 0, step: 0, updates: 0, seconds: 0, totals: {} };
        const { 'dense1.bias': _, ...rest } = await weights();
        return [{ model, examples: data, from: { position, params: rest, optimizer: {} } }];
      },
      /run\.from does not fit toy\.arch\.ts: missing: dense1\.bias/,
    ],
  ],
  selectBackend: [
    [() => [{ prefer: 'webgl' }], /there is no backend 'webgl'/],
    [() => [{ preffer: 'wasm' }], /has no 'preffer'; did you mean "prefer"/],
    [() => [{ prefer: 3 }], /options\.prefer is 3/],
  ],
  examplesOf: [
    [() => [undefined], /examplesOf: dataset is missing/],
    [() => [{ ...dataset(), shape: [6] }, 0, 9], /0 to 9 is no range of examples: toy has 4/],
    [() => [dataset(), -1, 2], /-1 to 2 is no range/],
    [() => [dataset(), 0.5, 2], /0\.5 to 2 is no range/],
  ],
  loadDataset: [
    [() => ['digits'], /options is missing/],
    [() => ['digits', {}], /options\.split is missing: it needs 'train' or 'test'/],
    [() => ['', { split: 'test' }], /name or folder is "": it needs a text/],
    [() => ['digits', { split: 'test', limit: 0 }], /limit is 0/],
    [() => ['digits', { split: 'test', dir: '/x' }], /no 'dir'/],
  ],
  loadInputs: [
    [() => [3], /loadInputs: file is 3/],
    [() => ['x.safetensors', { classes: 0 }], /options\.classes is 0/],
  ],
  loadWeightsFile: [
    [() => [undefined, toyMeta], /file is missing/],
    [() => ['x.safetensors', {}], /meta is an object: it needs the meta of a module/],
  ],
  importWeights: [
    [() => [undefined, toyMeta, { layout: 'pytorch' }], /file is missing/],
    [() => ['x.pth', toyMeta], /importWeights: options is missing/],
    [() => ['x.pth', toyMeta, {}], /options\.layout is missing: it needs 'tfjs' or 'pytorch'/],
    [() => ['x.pth', toyMeta, { layout: 'pytorch', stage: 0 }], /stage is 0/],
  ],
  importCheckpoint: [
    [
      () => ['x.pth', toyMeta, { layout: 'pytorch' }],
      /bytes is "x\.pth": it needs a Uint8Array, an ArrayBuffer or a Blob/,
    ],
    [() => [new Uint8Array(3), toyMeta, { layout: 'torch' }], /options\.layout is "torch"/],
    [() => [new Uint8Array(3), undefined, { layout: 'pytorch' }], /meta is missing/],
    [() => [new Uint8Array(3), toyMeta, { layout: 'pytorch' }], /the checkpoint is neither/],
  ],
  readWeights: [
    [() => [[1, 2], toyMeta], /bytes is \[1, 2\]/],
    [() => [new Uint8Array(3), toyMeta], /the weights is not a whole safetensors file/],
    [() => [new Uint8Array(3), toyMeta, { nam: 'w' }], /no 'nam'; did you mean "name"/],
  ],
  encodeWeights: [
    [() => [undefined, toyMeta], /weights is missing/],
    [() => [{ a: { shape: [1], data: [1] } }, toyMeta], /the data of a is \[1\], not a Float32Array/],
    [() => [{}, toyMeta], /missing: dense1\.weight/],
    [async () => [await weights(), toyMeta, { layout: 'keras' }], /options\.layout is "keras"/],
  ],
  saveWeights: [
    [async () => [undefined, await weights(), toyMeta, 'tfjs'], /saveWeights: file is missing/],
    [() => ['w.safetensors', {}, toyMeta, 'tfjs'], /weights to save do not fit toy\.arch\.ts: missing/],
    [async () => ['w.safetensors', await weights(), toyMeta, 'keras'], /layout is "keras"/],
  ],
  saveCertification: [
    [() => [undefined, {}, toyMeta], /saveCertification: file is missing/],
    [() => ['c.safetensors', {}, toyMeta], /result is an object, and no certification/],
    [() => ['c.safetensors', {}, undefined], /meta is missing/],
  ],
  initializeParams: [
    [() => [undefined, [0, 1]], /parameters is missing: it needs meta\.parameters/],
    [() => [toyMeta.parameters, 7], /key is 7: it needs a key/],
    [() => [toyMeta.parameters, [0, 1], 'zeros'], /initialization is "zeros"/],
  ],
  makeTensors: [
    [() => [undefined], /makeTensors: weights is missing/],
    [() => [{ a: { shape: [2], data: new Float32Array(3) } }], /a \[2\] needs 2 numbers, not 3/],
    [() => [{ a: { shape: [-1], data: new Float32Array(1) } }], /a has no shape of whole numbers/],
  ],
  readTensors: [
    [() => [undefined], /readTensors: tensors is missing/],
    [() => [{ a: [1] }], /a is \[1\], not a tensor/],
  ],
  convertLayout: [
    [() => [[1], toyMeta.parameters[0], 'tfjs', 'pytorch'], /data is \[1\]/],
    [
      () => [new Float32Array(3), toyMeta.parameters[0], 'tfjs', 'pytorch'],
      /dense1\.weight \[6, 8\] has 48 numbers, not 3/,
    ],
    [() => [new Float32Array(48), toyMeta.parameters[0], 'tfjs', 'keras'], /layout is "keras"/],
  ],
  keyFrom: [
    [() => [-1], /a seed is a whole number from 0/],
    [() => [undefined], /not undefined/],
  ],
  foldIn: [
    [() => [3, 'a'], /foldIn: key is 3/],
    [() => [[0, 1], -1], /foldIn: part is -1/],
    [() => [[0, 1]], /foldIn: part is undefined/],
  ],
};

function dataset(): library.Dataset {
  return {
    name: 'toy',
    split: 'test',
    count: 4,
    shape: [6],
    classes: 3,
    images: data.values,
    labels: data.labels,
    lineage: 'toy',
    files: [],
  };
}

it('each function that is exported has its mistakes here', () => {
  const functions = Object.entries(library).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  const listed = [...Object.keys(mistakes), ...ofModules, ...takeNothing, ...errorClasses];
  expect(listed.toSorted()).toEqual(functions.toSorted());
});

describe.each(Object.keys(mistakes))('%s', name => {
  const rows = mistakes[name]!.map(([given, message]) => [message.source, given, message] as const);
  it.each(rows)('refuses: %s', async (_, given, message) => {
    const outcome = await Promise.resolve()
      .then(async () => call(name)(...(await given())))
      .catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(library.InputError);
    expect(String(outcome)).toMatch(message);
  });
});

it('train needs a model and examples, nothing more', async () => {
  const { complete, snapshot } = await library.train({ model, examples: data, settings: { epochs: 2 } });
  expect(complete).toBe(true);
  expect(snapshot.position.epoch).toBe(2);
});

it('a module taken as a whole is a model too', async () => {
  const asModule: RobustModel = Object.assign(Object.create(null), model, { default: model });
  const meta: ModelMeta = asModule.meta;
  expect((await library.certify(asModule, params(), data)).epsilon).toBe(meta.ball.epsilon);
});

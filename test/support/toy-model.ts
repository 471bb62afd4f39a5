/**
 * A `RobustModel` written by hand with its gradients: two dense layers, interval bounds, ℓ∞. Small enough to check
 * by eye; it stands for an emitted module where a test is about the runtime around one.
 */
import * as tf from '@tensorflow/tfjs-core';
import {
  type Bounds,
  contractVersion,
  type LossWithGradients,
  type ModelMeta,
  type Params,
  type RobustModel,
} from '../../runtime/contract.ts';
import { cauchy, uniform } from '../../runtime/random/draws.ts';
import { foldIn, keyFrom } from '../../runtime/random/random-key.ts';
import { dense } from '../runtime/weights/net-meta.ts';
import { useBackend } from './run-on-backend.ts';

const inputs = 6;
const hidden = 8;
const classes = 3;

/** Puts tfjs on the cpu backend without its banner; under `npm run test:native` on TensorFlow. */
export const useCpu = (): Promise<void> => useBackend('cpu');

export const toyMeta: ModelMeta = {
  contract: contractVersion,
  compiler: '0.1.0',
  source: 'toy.arch.ts',
  sourceHash: 'toy',
  inputShape: [inputs],
  classes,
  ball: { norm: 'linf', epsilon: 0.1, box: [0, 1] },
  inputStd: null,
  layers: [
    { name: 'x', kind: 'input', inputs: [], shape: [inputs], line: 1 },
    { name: 'dense1', kind: 'dense', inputs: ['x'], shape: [hidden], line: 2 },
    { name: 'relu1', kind: 'relu', inputs: ['dense1'], shape: [hidden], line: 3 },
    { name: 'dense2', kind: 'dense', inputs: ['relu1'], shape: [classes], line: 4 },
  ],
  parameters: [...dense('dense1', [inputs, hidden]), ...dense('dense2', [hidden, classes])],
  nonlinearities: ['relu1'],
  draws: ['robustLoss'],
  trainingDiffers: false,
  certify: {
    choices: [],
    proof: { kind: 'exact' },
    convolutions: [],
    arithmetic: 'float32',
    fixedBytes: 1000,
    bytesPerExample: 100,
  },
  train: { choices: [], arithmetic: 'float32', fixedBytes: 1000, bytesPerExample: 100 },
};

const names = toyMeta.parameters.map(parameter => parameter.name);

/** `noise` above zero multiplies the robust loss's ball by keyed noise, as a sketch estimates it. */
export function toyModel(meta: Partial<ModelMeta> = {}, noise = 0): RobustModel {
  const full = { ...toyMeta, ...meta };
  const ball = (x: tf.Tensor, epsilon: number): Bounds => {
    const box = full.ball.box;
    const lower = tf.sub(x, epsilon);
    const upper = tf.add(x, epsilon);
    return box === null ? { lower, upper } : { lower: tf.maximum(lower, box[0]), upper: tf.minimum(upper, box[1]) };
  };
  const loss = (params: Params, input: Bounds, labels: tf.Tensor1D): LossWithGradients => {
    const { crossEntropy, margins, gradients } = analyse(params, input, labels);
    // The label's own entry of J is 0, so a second entry that is not positive makes the error.
    const errors = tf.greater(tf.sum(tf.cast(tf.lessEqual(margins, 0), 'float32'), 1), 1);
    return {
      crossEntropy: tf.mean(crossEntropy) as tf.Scalar,
      error: tf.mean(tf.cast(errors, 'float32')) as tf.Scalar,
      gradients: Object.fromEntries(names.map(name => [name, tf.div(gradients[name]!, labels.size)])),
      statistics: {},
    };
  };
  const bounds: RobustModel['bounds'] = (params, x, epsilon) => {
    const { lower, upper } = tf.tidy(() => ({ ...preActivation(params, ball(x, epsilon)) }));
    return { relu1: { lower, upper } };
  };
  const margins: RobustModel['margins'] = (params, x, labels, epsilon) =>
    tf.tidy(() => analyse(params, ball(x, epsilon), labels).margins);
  return {
    meta: full,
    forward: (params, x) => tf.tidy(() => forward(params, x)),
    bounds,
    margins,
    certificate: async (params, x, epsilon, options = {}) => {
      const logits = tf.tidy(() => forward(params, x));
      const own: tf.Tensor1D = options.classes?.clone() ?? tf.argMax(logits, 1);
      return {
        classes: own,
        margins: margins(params, x, own, epsilon),
        logits,
        bounds: options.bounds === true ? bounds(params, x, epsilon) : undefined,
        proof: full.certify.proof,
      };
    },
    naturalLoss: (params, x, labels) => tidyLoss(() => loss(params, { lower: x, upper: x }, labels)),
    robustLoss: (params, x, labels, epsilon, key) =>
      tidyLoss(() => {
        const factor = noise === 0 ? 1 : 1 + noise * Math.tanh(cauchy(foldIn(key, 'relu1'), 1)[0]!);
        return loss(params, ball(x, epsilon * factor), labels);
      }),
    inputGradient: (params, x, labels) => {
      const [gradient, logits, crossEntropy] = tf.tidy(() => {
        const result = analyse(params, { lower: x, upper: x }, labels);
        return [result.inputGradient, forward(params, x), result.crossEntropy] as [tf.Tensor, tf.Tensor2D, tf.Tensor1D];
      });
      return { gradient, logits, crossEntropy };
    },
  };
}

/** Weights drawn from a seed, as large as a trained network's. */
export function toyParams(seed = 1): Record<string, tf.Tensor> {
  const entries = toyMeta.parameters.map(({ name, shape }) => {
    const draws = uniform(foldIn(keyFrom(seed), name), tf.util.sizeFromShape([...shape]));
    return [
      name,
      tf.tensor(
        draws.map(x => 2 * x - 1),
        [...shape],
      ),
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** Points of [0, 1]⁶ whose label is the pair of coordinates that is largest in sum: learnable, not separable with a margin. */
export function toyData(count: number, seed = 5): { values: Float32Array; labels: Int32Array } {
  const values = uniform(foldIn(keyFrom(seed), 'values'), count * inputs);
  const labels = Int32Array.from({ length: count }, (_, example) => {
    const sums = [0, 1, 2].map(pair => values[example * inputs + 2 * pair]! + values[example * inputs + 2 * pair + 1]!);
    return sums.indexOf(Math.max(...sums));
  });
  return { values, labels };
}

interface Analysis {
  readonly margins: tf.Tensor2D;
  readonly crossEntropy: tf.Tensor1D;
  readonly inputGradient: tf.Tensor;
  readonly gradients: Record<string, tf.Tensor>;
}

function centreAndRadius({ lower, upper }: Bounds): [tf.Tensor2D, tf.Tensor2D] {
  return [tf.mul(tf.add(lower, upper), 0.5), tf.mul(tf.sub(upper, lower), 0.5)];
}

function preActivation(params: Params, input: Bounds): Bounds {
  const [centre, radius] = centreAndRadius(input);
  const weight = params['dense1.weight'] as tf.Tensor2D;
  const middle = tf.add(tf.matMul(centre, weight), params['dense1.bias']!);
  const spread = tf.matMul(radius, tf.abs(weight));
  return { lower: tf.sub(middle, spread), upper: tf.add(middle, spread) };
}

function forward(params: Params, x: tf.Tensor): tf.Tensor2D {
  const first = tf.add(tf.matMul(x as tf.Tensor2D, params['dense1.weight'] as tf.Tensor2D), params['dense1.bias']!);
  const second = tf.matMul(tf.relu(first) as tf.Tensor2D, params['dense2.weight'] as tf.Tensor2D);
  return tf.add(second, params['dense2.bias']!);
}

/**
 * `J` by interval bounds, the cross entropy of `−J`, and the gradients of its sum. With an empty ball `−J` is the logits
 * shifted by a constant per example, so this serves the natural loss too.
 */
function analyse(params: Params, input: Bounds, labels: tf.Tensor1D): Analysis {
  const [firstWeight, weight] = [params['dense1.weight'] as tf.Tensor2D, params['dense2.weight'] as tf.Tensor2D];
  const [centre, radius] = centreAndRadius(input);
  const before = preActivation(params, input);
  const [lower, upper] = [tf.relu(before.lower), tf.relu(before.upper)];

  // Rows e_y − e_t, and the same through the last layer: [batch, classes, classes], [batch, classes, hidden].
  const own = tf.oneHot(labels, classes);
  const spec = tf.sub(tf.expandDims(own, 1), tf.expandDims(tf.eye(classes), 0)) as tf.Tensor3D;
  const rows = rowsTimes(spec, tf.transpose(weight) as tf.Tensor2D);
  const worst = tf.where(tf.greater(rows, 0), tf.expandDims(lower, 1), tf.expandDims(upper, 1));
  const offset = tf.sum(tf.mul(spec, params['dense2.bias']!), 2);
  const margins = tf.add(tf.sum(tf.mul(rows, worst), 2), offset) as tf.Tensor2D;
  const crossEntropy = tf.logSumExp(tf.neg(margins), 1) as tf.Tensor1D;

  const dMargins = tf.expandDims(tf.sub(own, tf.softmax(tf.neg(margins))), 2);
  const dLower = tf.mul(tf.sum(tf.mul(dMargins, tf.relu(rows)), 1), tf.step(before.lower));
  const dUpper = tf.mul(tf.sum(tf.mul(dMargins, tf.minimum(rows, 0)), 1), tf.step(before.upper));
  const dMiddle = tf.add(dLower, dUpper) as tf.Tensor2D;
  const dSpread = tf.sub(dUpper, dLower) as tf.Tensor2D;
  const dRows = tf.mul(dMargins, worst);
  const flatSpec = tf.reshape(spec, [-1, classes]) as tf.Tensor2D;
  return {
    margins,
    crossEntropy,
    inputGradient: tf.matMul(dMiddle, firstWeight, false, true),
    gradients: {
      'dense1.weight': tf.add(
        tf.matMul(centre, dMiddle, true),
        tf.mul(tf.sign(firstWeight), tf.matMul(radius, dSpread, true)),
      ),
      'dense1.bias': tf.sum(dMiddle, 0),
      'dense2.weight': tf.matMul(tf.reshape(dRows, [-1, hidden]) as tf.Tensor2D, flatSpec, true),
      'dense2.bias': tf.sum(tf.mul(dMargins, spec), [0, 1]),
    },
  };
}

/** A matrix on the last axis. */
function rowsTimes(rows: tf.Tensor3D, matrix: tf.Tensor2D): tf.Tensor3D {
  const [batch, count, size] = rows.shape;
  return tf.reshape(tf.matMul(tf.reshape(rows, [-1, size]), matrix), [batch, count, matrix.shape[1]]);
}

/** `tf.tidy` for a loss, whose interface is no container that tfjs knows. */
function tidyLoss(loss: () => LossWithGradients): LossWithGradients {
  const { crossEntropy, error, gradients, statistics } = tf.tidy(() => ({ ...loss() }));
  return { crossEntropy, error, gradients, statistics };
}

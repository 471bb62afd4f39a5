/** The operations of the probes on the current backend of TensorFlow.js, by the functions that emitted modules call. */
import * as tf from '@tensorflow/tfjs-core';
import { conv2d } from '../../ops/conv2d.ts';
import { conv2dKernelGradient } from '../../ops/conv2d-kernel-gradient.ts';
import { matMul } from '../../ops/mat-mul.ts';
import { oneHot } from '../../ops/one-hot.ts';
import { rowNorms } from '../../ops/rows.ts';
import { transposedConv2d } from '../../ops/transposed-conv2d.ts';
import type { Compute, Numbers, ProbeOp } from './probe-op.ts';

type Row<Kind> = (op: Extract<ProbeOp, { kind: Kind }>, x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

const rows: { readonly [Kind in ProbeOp['kind']]: Row<Kind> } = {
  conv2d: (op, x, kernel) => conv2d(x, kernel, op),
  transposedConv2d: (op, y, kernel) => transposedConv2d(y, kernel, op),
  conv2dKernelGradient: (op, x, y) => conv2dKernelGradient(x, y, op),
  matMul: (op, a, b) => matMul(a, b, op.transposeA, op.transposeB),
  rowNorms: (op, dual, weights) => rowNorms(dual, weights, op.rows),
  sum: (_op, x) => tf.sum(x, x.rank - 1),
  neg: (_op, x) => tf.neg(x),
  abs: (_op, x) => tf.abs(x),
  relu: (_op, x) => tf.relu(x),
  step: (_op, x) => tf.step(x),
  sign: (_op, x) => tf.sign(x),
  sqrt: (_op, x) => tf.sqrt(x),
  square: (_op, x) => tf.square(x),
  add: (_op, x, y) => tf.add(x, y),
  sub: (_op, x, y) => tf.sub(x, y),
  mul: (_op, x, y) => tf.mul(x, y),
  div: (_op, x, y) => tf.div(x, y),
  maximum: (_op, x, y) => tf.maximum(x, y),
  minimum: (_op, x, y) => tf.minimum(x, y),
  greater: (_op, x, y) => tf.greater(x, y),
  larger: (_op, x, y) => tf.where(tf.greater(x, y), x, y),
  max: (_op, x) => tf.max(x, x.rank - 1),
  poison: (op, x) => (op.all ? tf.sum(tf.mul(x, 0)) : tf.sum(tf.mul(x, 0), x.rank - 1)),
  copy: (_op, x) => tf.clone(x),
  transpose: (_op, x) => tf.transpose(x),
  oneHot: (op, labels) => oneHot(tf.cast(labels, 'int32'), op.depth),
};

export const tensorCompute: Compute = async (op, ...operands) => {
  const row = rows[op.kind] as (op: ProbeOp, ...tensors: readonly tf.Tensor[]) => tf.Tensor;
  const result = tf.tidy(() => row(op, ...operands.map(tensorOf)));
  try {
    return await result.data();
  } finally {
    result.dispose();
  }
};

// A copy, since the cpu backend keeps the array that it is given.
const tensorOf = ({ shape, data }: Numbers): tf.Tensor => tf.tensor(data.slice(), [...shape], 'float32');

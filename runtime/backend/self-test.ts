/** Checks that the current backend computes what the compiler's reference interpreter computes. A certificate of one that does not is worth nothing. */
import * as tf from '@tensorflow/tfjs-core';
import { EnvironmentError } from '../errors.ts';
import { conv2d } from '../ops/conv2d.ts';
import { conv2dKernelGradient } from '../ops/conv2d-kernel-gradient.ts';
import { oneHot } from '../ops/one-hot.ts';
import { transposedConv2d } from '../ops/transposed-conv2d.ts';
import { type Operand, type SelfTestCase, type SelfTestOp, selfTestCases } from './self-test-plan.ts';
import { selfTestValues } from './self-test-values.ts';

export interface SelfTestResult {
  readonly name: string;
  /** Relative to the largest entry; null when there is no result. */
  readonly largestError: number | null;
  readonly tolerance: number;
  readonly passed: boolean;
  /** Why there is no result. */
  readonly problem: string | null;
}

export interface SelfTestReport {
  /** TensorFlow.js's name of the backend. */
  readonly backend: string;
  readonly passed: boolean;
  readonly results: readonly SelfTestResult[];
  readonly milliseconds: number;
}

/** Runs every case on the current backend. Raises nothing: a case that throws has failed. */
export async function selfTest(): Promise<SelfTestReport> {
  const start = performance.now();
  const results: SelfTestResult[] = [];
  for (const testCase of selfTestCases) results.push(await runCase(testCase));
  const milliseconds = performance.now() - start;
  return { backend: tf.getBackend(), passed: results.every(result => result.passed), results, milliseconds };
}

const sound = new Set<string>();

/** @throws EnvironmentError that names the cases that failed, when the current backend is not to be trusted. Tests each backend once. */
export async function requireSoundBackend(): Promise<void> {
  if (sound.has(tf.getBackend())) return;
  const report = await selfTest();
  if (report.passed) {
    sound.add(report.backend);
    return;
  }
  const failed = report.results
    .filter(result => !result.passed)
    .map(result => `  ${result.name}: ${failureOf(result)}`);
  throw new EnvironmentError(
    `the backend ${report.backend} computes wrong values, so nothing it computes can be certified:\n${failed.join('\n')}\n` +
      'choose another one with --backend; dualc doctor shows more',
  );
}

const failureOf = ({ problem, largestError, tolerance }: SelfTestResult): string =>
  problem ?? `error ${largestError?.toExponential(1)}, where ${tolerance} is allowed`;

async function runCase(testCase: SelfTestCase): Promise<SelfTestResult> {
  const { name, tolerance } = testCase;
  try {
    const largestError = errorOf(await compute(testCase), selfTestValues[name] ?? []);
    return { name, largestError, tolerance, passed: largestError <= tolerance, problem: null };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { name, largestError: null, tolerance, passed: false, problem };
  }
}

async function compute({ op, operands }: SelfTestCase): Promise<ArrayLike<number>> {
  const evaluate = evaluators[op.kind] as (op: SelfTestOp, ...operands: tf.Tensor[]) => tf.Tensor;
  const result = tf.tidy(() => evaluate(op, ...operands.map(operand => tensorOf(operand, op))));
  try {
    return await result.data();
  } finally {
    result.dispose();
  }
}

function tensorOf({ shape, entry }: Operand, op: SelfTestOp): tf.Tensor {
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => entry(i));
  return tf.tensor(values, [...shape], op.kind === 'oneHot' ? 'int32' : 'float32');
}

type Evaluator<Kind> = (op: Extract<SelfTestOp, { kind: Kind }>, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const evaluators: { readonly [Kind in SelfTestOp['kind']]: Evaluator<Kind> } = {
  conv2d: (op, x, kernel) => conv2d(x, kernel, op.strides, op.padding),
  transposedConv2d: (op, y, kernel) => transposedConv2d(y, kernel, op.inputSize, op.strides, op.padding),
  conv2dKernelGradient: (op, x, y) => conv2dKernelGradient(x, y, op.kernelSize, op.strides, op.padding),
  matMul: (_op, a, b) => tf.matMul(a, b),
  oneHot: (op, labels) => oneHot(labels, op.depth),
  sub: (_op, a, b) => tf.sub(a, b),
};

/** Largest difference, relative to the largest value. A single value stands for all entries. NaN when there is one, or none at all. */
export function errorOf(found: ArrayLike<number>, values: readonly number[]): number {
  if (values.length === 0 || (values.length > 1 && values.length !== found.length)) return Number.NaN;
  const largest = Math.max(...values.map(Math.abs));
  let worst = 0;
  for (let i = 0; i < found.length; i++) {
    const error = Math.abs((found[i] ?? Number.NaN) - (values[values.length === 1 ? 0 : i] ?? Number.NaN));
    if (Number.isNaN(error)) return error;
    worst = Math.max(worst, error);
  }
  return worst / largest;
}

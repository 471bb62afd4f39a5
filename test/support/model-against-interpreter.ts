/** Every function of an emitted module, run on the present backend in float32, against the interpreter in float64. */
import * as tf from '@tensorflow/tfjs-core';
import { interpret, type ProgramInputs } from '../../compiler/5-program/interpret.ts';
import type { TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import type { Compiled } from '../../compiler/compile-graph.ts';
import type { RobustModel } from '../../runtime/contract.ts';
import { tensorsFor } from './emitted-model.ts';
import { emittedKey, emittedNoise } from './emitted-program.ts';
import { perturbedOutputs } from './perturbed-program.ts';

export interface ModelCase {
  readonly params: Readonly<Record<string, Float64Array>>;
  readonly x: Float64Array;
  readonly labels: readonly number[];
  readonly epsilon: number;
}

/** Outputs of the interpreter with, for each, how far float32 may be from it. */
type Wanted = Readonly<Record<string, { readonly data: Float64Array; readonly allowed: number }>>;

/**
 * The sums of these networks have up to a hundred terms, each rounded to 2⁻²⁴ of its size, so a value is off by about 2⁻¹⁸ of the
 * sizes that it was added up from: as if every operand were off by that share of itself. How far that moves an output the
 * interpreter says; for a margin that is the small difference of large numbers, or for a wide bound, it is a lot.
 */
const rounding = 2 ** -18;
const trials = 6;

function wantedOf(program: TensorProgram, given: ProgramInputs): Wanted {
  const exact = interpret(program, given);
  const others = perturbedOutputs(program, given, rounding, trials);
  return Object.fromEntries(
    Object.entries(exact).map(([name, { data }]) => {
      // Entries of one output share their sums, so each may move as far as the one that moved most.
      const spread = others.reduce(
        (most, other) => other[name]!.data.reduce((size, entry, i) => Math.max(size, Math.abs(entry - data[i]!)), most),
        0,
      );
      return [name, { data, allowed: 4 * spread + 1e-7 }];
    }),
  );
}

const rounded = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, Math.fround);

/** Which functions to compare; gradients jump at kinks, so only smooth cases can compare those. */
export type Part = 'forward' | 'certificate' | 'robustLoss' | 'naturalLoss' | 'inputGradient';

export interface Expectations extends ModelCase {
  readonly wanted: Readonly<Partial<Record<Part, Wanted>>>;
}

/** What the interpreter gives for the numbers that float32 makes of the case. */
export function expectationsFor({ programs }: Compiled, given: ModelCase, parts: readonly Part[]): Expectations {
  const params = Object.fromEntries(Object.entries(given.params).map(([name, values]) => [name, rounded(values)]));
  const x = rounded(given.x);
  const { labels, epsilon } = given;
  const inputs = { x, labels, epsilon: [epsilon] };
  const interpreted: ProgramInputs = { batchSize: labels.length, inputs, params, noise: emittedNoise };
  const wanted = Object.fromEntries(parts.map(part => [part, wantedOf(programs[part], interpreted)]));
  return { params, x, labels, epsilon, wanted };
}

/** Calls each function twice. Throws an error that says which output is wrong, or how many tensors are left behind. */
export async function compareModel(model: RobustModel, expected: Expectations): Promise<void> {
  const tensors = tensorsFor(model, expected);
  const [p, x, labels, epsilon] = [tensors.params, tensors.x, tensors.labels, expected.epsilon];
  const calls: { readonly [Name in Part]: () => Record<string, tf.Tensor> } = {
    forward: () => ({ logits: model.forward(p, x) }),
    certificate: () => {
      const bounds = Object.entries(model.bounds(p, x, epsilon)).flatMap(([layer, { lower, upper }]) => [
        [`bounds.${layer}.lower`, lower] as const,
        [`bounds.${layer}.upper`, upper] as const,
      ]);
      return { margins: model.margins(p, x, labels, epsilon), ...Object.fromEntries(bounds) };
    },
    robustLoss: () => flattened(model.robustLoss(p, x, labels, epsilon, emittedKey)),
    naturalLoss: () => flattened(model.naturalLoss(p, x, labels)),
    inputGradient: () => ({ ...model.inputGradient(p, x, labels) }),
  };
  try {
    for (const [part, wanted] of Object.entries(expected.wanted) as [Part, Wanted][])
      for (let times = 0; times < 2; times++) await compareCall(part, calls[part], wanted);
  } finally {
    tf.dispose([x, labels, ...Object.values(p)]);
  }
}

const flattened = (loss: ReturnType<RobustModel['robustLoss']>): Record<string, tf.Tensor> => ({
  crossEntropy: loss.crossEntropy,
  error: loss.error,
  ...Object.fromEntries(Object.entries(loss.gradients).map(([name, value]) => [`gradient.${name}`, value])),
});

async function compareCall(part: Part, call: () => Record<string, tf.Tensor>, wanted: Wanted): Promise<void> {
  const before = tf.memory().numTensors;
  const found = call();
  const left = tf.memory().numTensors - before - Object.keys(found).length;
  if (left !== 0) throw new Error(`${part}: ${left} tensors are left behind`);
  const names = Object.keys(wanted);
  if (names.toSorted().join() !== Object.keys(found).toSorted().join())
    throw new Error(`${part} gives ${Object.keys(found)}, not ${names}`);
  for (const [name, { data, allowed }] of Object.entries(wanted)) {
    const entries = await found[name]!.data();
    const at = data.findIndex((entry, i) => !(Math.abs(entries[i]! - entry) <= allowed));
    if (at >= 0 || entries.length !== data.length)
      throw new Error(`${part}, ${name}, entry ${at}: ${entries[at]}, not ${data[at]} ± ${allowed}`);
  }
  tf.dispose(found);
}

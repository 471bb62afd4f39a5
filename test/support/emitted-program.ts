/** One tensor program as JavaScript, printed by the emitter and run on the present backend: any program, not only a network's. */
import * as tf from '@tensorflow/tfjs-core';
import type { ProgramInputs, ProgramOutput } from '../../compiler/5-program/interpret.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr, TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import { type Liveness, liveness } from '../../compiler/6-passes/liveness.ts';
import { buildFunctionView } from '../../compiler/7-emit/build-function-view.ts';
import { buildGroup } from '../../compiler/7-emit/build-group.ts';
import { buildFunctions } from '../../compiler/7-emit/functions/build-functions.ts';
import { geometriesOf, geometryTable } from '../../compiler/7-emit/functions/layer-geometry.ts';
import { onOneLine } from '../../compiler/7-emit/print-expression.ts';
import { code, identifier, printKey } from '../../compiler/7-emit/safe-text.ts';
import { takenNames } from '../../compiler/7-emit/section-names.ts';
import { mapRecord } from '../../compiler/shared/map-record.ts';
import { runtimeSymbols } from '../../compiler/shared/runtime-symbols.ts';
import * as runtime from '../../runtime/index.ts';
import { cauchy, normal } from '../../runtime/random/draws.ts';
import { foldIn } from '../../runtime/random/random-key.ts';

export const emittedKey = [3, 4] as const;

/** The draws of an emitted program, for the interpreter. */
export const emittedNoise: NonNullable<ProgramInputs['noise']> = (stream, distribution, count) =>
  (distribution === 'cauchy' ? cauchy : normal)(foldIn(emittedKey, stream), count);

export function emitProgram(program: TensorProgram, plan: Liveness = liveness(program)): string {
  const printer = { runtime: identifier };
  const taken = takenNames([]);
  const input = { program, plan, prefix: code`` };
  const geometries = geometriesOf(program);
  const functions = buildFunctions([input], {
    layers: new Map(),
    taken,
    types: false,
    geometries,
    source: '',
  });
  const views = functions
    .functionsOf(program.name)
    .map(each => buildFunctionView(each, { doc: [], printer, types: false, isTypeNamed: false }));
  const { lines, returned } = buildGroup(input, functions, printer, false).calls(Object.keys(program.outputs));
  return [
    `const { ${runtimeSymbols.join(', ')} } = runtime;`,
    `const geometry = ${onOneLine(geometryTable(geometries), printer)};`,
    ...views.flatMap(({ head, lines }) => [...head, '  return tf.tidy(() => {', ...lines, '  });', '}']),
    'return tf.tidy(() => {',
    ...lines,
    `return { ${[...returned].map(([name, value]) => `${printKey(name)}: ${value}`).join(', ')} };`,
    '});',
  ].join('\n');
}

const sources = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => (instr.op.kind === 'param' ? [instr] : sources(blockOf(instr.op)?.body ?? [])));

/** Outputs as the backend computes them, on one that gives them at once. Fails when a tensor is left behind. */
export function runEmitted(code: string, program: TensorProgram, given: ProgramInputs): Record<string, ProgramOutput> {
  const results = resultsOfEmitted(code, program, given);
  const outputs = mapRecord(results, value => outputOf(value, value.dataSync()));
  tf.dispose(results);
  return outputs;
}

/** The same on any backend. All is computed when it returns its promise. */
export async function readEmitted(
  code: string,
  program: TensorProgram,
  given: ProgramInputs,
): Promise<Record<string, ProgramOutput>> {
  const results = resultsOfEmitted(code, program, given);
  const outputs: Record<string, ProgramOutput> = {};
  for (const [name, value] of Object.entries(results)) outputs[name] = outputOf(value, await value.data());
  tf.dispose(results);
  return outputs;
}

const outputOf = ({ shape }: tf.Tensor, entries: ArrayLike<number>): ProgramOutput => ({
  shape: [...shape],
  data: Float64Array.from(entries),
});

function resultsOfEmitted(code: string, program: TensorProgram, given: ProgramInputs): Record<string, tf.Tensor> {
  const { batchSize, inputs, params } = given;
  const tensor = (data: ArrayLike<number>, { shape }: Instr): tf.Tensor =>
    tf.tensor(
      Float32Array.from(data),
      shape.map(dim => (typeof dim === 'number' ? dim : Number.parseInt(dim, 10) * batchSize)),
    );
  const p = Object.fromEntries(
    sources(program.body).flatMap(instr =>
      instr.op.kind === 'param' ? [[instr.op.name, tensor(params[instr.op.name]!, instr)]] : [],
    ),
  );
  const image = program.body.find(({ op }) => op.kind === 'input' && op.name === 'x');
  const x = image === undefined ? tf.scalar(0) : tensor(inputs.x!, image);
  const labels = tf.tensor1d(Int32Array.from(inputs.labels ?? []), 'int32');
  const before = tf.memory().numTensors;
  const names = ['tf', 'runtime', 'p', 'x', 'labels', 'epsilon', 'batch', 'key'];
  const compute = new Function(...names, `'use strict';\n${code}`) as (
    ...values: unknown[]
  ) => Record<string, tf.Tensor>;
  const results = compute(tf, runtime, p, x, labels, inputs.epsilon?.[0], batchSize, emittedKey);
  const left = tf.memory().numTensors - before - Object.keys(results).length;
  tf.dispose([x, labels, ...Object.values(p)]);
  if (left !== 0) throw new Error(`${left} tensors more after than before, beyond the results`);
  return results;
}

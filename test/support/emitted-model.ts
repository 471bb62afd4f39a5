/** Compiles a graph to a module and imports it, as a user would. */
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { type Compiled, compileGraph } from '../../compiler/compile-graph.ts';
import { type CompileOptions, defaultOptions } from '../../compiler/options.ts';
import { silentTrace } from '../../compiler/shared/trace.ts';
import type { RobustModel } from '../../runtime/contract.ts';

const folder = new URL('../.generated/', import.meta.url);

/** Options as on the command line: `bounds` is the text after `--bounds`. */
export type EmissionOptions = Partial<CompileOptions> & { readonly bounds?: string };

export function compileFor(graph: LayerGraph, { bounds = '', ...options }: EmissionOptions = {}): Compiled {
  // By its path from the folder of the generated modules: the same runtime in vitest and outside of it.
  const specifiers = { runtime: '../../runtime/index.ts', tensors: '../../runtime/tensors.ts' };
  const requests = parseBoundsRequest(bounds);
  return compileGraph(graph, { ...defaultOptions, ...specifiers, requests, ...options }, silentTrace);
}

/** The module that `compileFor` made, imported from a file named by its content. */
export async function importModel({ code }: Compiled): Promise<RobustModel> {
  mkdirSync(folder, { recursive: true });
  const name = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const file = new URL(`${name}.ts`, folder);
  const draft = new URL(`${name}.${process.pid}.draft`, folder);
  writeFileSync(draft, code);
  renameSync(fileURLToPath(draft), fileURLToPath(file));
  const module = (await import(/* @vite-ignore */ file.href)) as { default: RobustModel };
  return module.default;
}

export async function emittedModel(graph: LayerGraph, options: EmissionOptions = {}): Promise<RobustModel> {
  return importModel(compileFor(graph, options));
}

export interface ModelInputs {
  readonly params: Record<string, tf.Tensor>;
  readonly x: tf.Tensor;
  readonly labels: tf.Tensor1D;
}

/** Parameters and a batch as tensors; the caller disposes them. */
export function tensorsFor(
  { meta }: RobustModel,
  given: {
    readonly params: Readonly<Record<string, ArrayLike<number>>>;
    readonly x: ArrayLike<number>;
    readonly labels: ArrayLike<number>;
  },
): ModelInputs {
  const params = meta.parameters.map(({ name, shape }) => {
    const data = given.params[name];
    if (data === undefined) throw new Error(`no values for the parameter ${name}`);
    return [name, tf.tensor(Float32Array.from(data), [...shape])] as const;
  });
  return {
    params: Object.fromEntries(params),
    x: tf.tensor(Float32Array.from(given.x), [given.labels.length, ...meta.inputShape]),
    labels: tf.tensor1d(Int32Array.from(given.labels), 'int32'),
  };
}

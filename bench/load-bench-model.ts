/** The model of an architecture file compiled for a bench, without a file beside the architecture. */
import { parseArgs } from 'node:util';
import type { RobustModel } from 'dualc/runtime';
import { type Dataset, loadDataset, loadWeightsFile, makeTensors, selectBackend } from 'dualc/runtime/node';
import { readGraph } from '../compiler/compile.ts';
import { type EmissionOptions, emittedModel } from '../test/support/emitted-model.ts';

export interface BenchArguments {
  readonly weights: string;
  readonly data: string;
  readonly epsilon: number;
}

/** `--weights FILE [--data digits] [--epsilon 0.1]`: any weights of the small network. */
export function benchArguments(): BenchArguments {
  const { values } = parseArgs({
    options: {
      weights: { type: 'string', default: 'runs/digits/weights.safetensors' },
      data: { type: 'string', default: 'digits' },
      epsilon: { type: 'string', default: '0.1' },
    },
  });
  return { weights: values.weights, data: values.data, epsilon: Number(values.epsilon) };
}

export const architecture = 'examples/mnist-small.arch.ts';

export const compiled = (options: EmissionOptions): Promise<RobustModel> =>
  emittedModel(readGraph(architecture).graph, options);

export async function paramsFor(model: RobustModel, file: string): Promise<ReturnType<typeof makeTensors>> {
  return makeTensors((await loadWeightsFile(file, model.meta)).weights);
}

/** Selects the backend and loads the first test examples. */
export async function testExamples(data: string, limit: number): Promise<Dataset> {
  const backend = await selectBackend();
  console.error(`backend ${backend.name}: ${backend.reason}`);
  return loadDataset(data, { split: 'test', limit });
}

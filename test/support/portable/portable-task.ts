/** What a program does with an emitted module and `dualc/runtime` alone, wherever it runs: everything but files. */
import {
  attackExamples,
  type Bytes,
  certify,
  type Examples,
  encodeWeights,
  importCheckpoint,
  makeTensors,
  type RobustModel,
  readWeights,
  requireSoundBackend,
  selectBackend,
  selfTest,
  train,
  type Weights,
} from 'dualc/runtime';

export interface PortableTask {
  readonly wasmPaths: string;
  /** Checkpoints of one network. */
  readonly checkpoints: Readonly<Record<string, Bytes>>;
  /** Plain numbers, which every way of passing messages keeps. */
  readonly examples: { readonly values: readonly number[]; readonly labels: readonly number[] };
}

export type Numbers = Readonly<Record<string, readonly number[]>>;

/** Numbers by name, to be compared with those of another place. */
export async function runPortableTask(model: RobustModel, task: PortableTask): Promise<Numbers> {
  const numbers: Record<string, readonly number[]> = {};
  const backend = await selectBackend({ wasmPaths: task.wasmPaths });
  const report = await selfTest();
  numbers['on WebAssembly, and sound'] = [Number(backend.name === 'wasm'), Number(report.passed)];
  await requireSoundBackend();

  let weights: Weights = {};
  for (const [name, bytes] of Object.entries(task.checkpoints)) {
    ({ weights } = await importCheckpoint(bytes, model.meta, { layout: 'pytorch' }));
    numbers[`weights of ${name}`] = flat(weights);
  }
  const file = new Blob([encodeWeights(weights, model.meta) as Uint8Array<ArrayBuffer>]);
  numbers['weights, written and read'] = flat((await readWeights(file, model.meta)).weights);

  const examples: Examples = {
    values: Float32Array.from(task.examples.values),
    labels: Int32Array.from(task.examples.labels),
  };
  const params = makeTensors(weights);
  const result = await certify(model, params, examples, { keepBounds: true });
  numbers.certified = result.certified.map(Number);
  numbers.margins = [...result.margins];
  numbers.logits = [...result.logits];
  for (const [name, { lower, upper }] of Object.entries(result.bounds ?? {})) {
    numbers[`bounds of ${name}`] = [...lower, ...upper];
  }
  const attack = await attackExamples(model, params, examples, { steps: 5, restarts: 2 });
  numbers.broken = attack.broken.map(Number);
  numbers['points found'] = [...attack.points];
  const { snapshot } = await train({ model, examples, settings: { epochs: 2, batch: 4 } });
  numbers['weights trained'] = flat(snapshot.params);
  return numbers;
}

const flat = (weights: Weights): number[] => Object.values(weights).flatMap(({ data }) => [...data]);

/**
 * Kinds that live in this test are added through the public tables, as compiler/README.md says, and go through every stage, strategy,
 * relaxation and gradient: nothing in `compiler` knows them.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ball, LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { printGraph } from '../../../compiler/2-graph/print-graph.ts';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import { printDual } from '../../../compiler/3-dual/print-dual.ts';
import { registerAffineRule } from '../../../compiler/5-program/affine/affine-rules.ts';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { registerNonlinearityRule } from '../../../compiler/5-program/nonlinearity/nonlinearity-rules.ts';
import { conv2d, dense, flatten, graphOfNetwork, input, linf, network, relu } from '../../../compiler/authoring.ts';
import { createReporter } from '../../../compiler/diagnostics/reporter.ts';
import { definitionOf } from '../../../compiler/layers/registry.ts';
import { certificateOf, planFor } from '../../soundness/certificate.ts';
import { checkNetwork } from '../../soundness/check-network.ts';
import { allCells, nameOf, whyImpossible } from '../../soundness/coverage.ts';
import { expectNear } from '../../soundness/expect-near.ts';
import { roomy } from '../../soundness/plan-requests.ts';
import { writtenBounds } from '../../soundness/relaxations/written-out.ts';
import { type AnyAffineDefinition, affineFaults } from '../../soundness/rules/affine-faults.ts';
import type { LayerSample } from '../../soundness/rules/layer-samples.ts';
import { nonlinearityFaults } from '../../soundness/rules/nonlinearity-faults.ts';
import { compileFor, type EmissionOptions, importModel } from '../../support/emitted-model.ts';
import { differences } from '../../support/finite-differences.ts';
import { compareModel, expectationsFor } from '../../support/model-against-interpreter.ts';
import { seededNormals, seededNumbers } from '../../support/program-inputs.ts';
import type { RandomNetwork } from '../../support/random-network.ts';
import { plainNetwork } from '../../support/random-network-forward.ts';
import { drawParameters } from '../../support/random-network-weights.ts';
import { readTexts } from '../../support/read-network.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { absolute, crop, gain, registerSampleKinds, sampleRules } from '../../support/sample-kinds.ts';

const kinds = ['crop', 'gain', 'absolute'] as const;

const file = `import { absolute, conv2d, crop, dense, flatten, gain, input, linf, network, relu } from 'dualc';
const image = input([5, 4, 1]);
const inner = crop(gain(image, { factor: -0.7 }), { from: [1, 0], size: [4, 3] });
const first = absolute(conv2d(inner, { filters: 2, kernelSize: 3, padding: 1 }));
const second = conv2d(crop(first, { from: [0, 1], size: [3, 2] }), { filters: 2, kernelSize: 2 });
const third = absolute(gain(second, { factor: 1.3 }));
const logits = dense(absolute(dense(relu(flatten(third)), { units: 3 })), { units: 3 });
export default network({ input: image, output: logits, ball: linf({ epsilon: 0.1 }) });`;

let undo: () => void;
let graph: LayerGraph;
beforeAll(async () => {
  undo = registerSampleKinds();
  graph = readTexts({ 'sample.arch.ts': file }).graph!;
  await useBackend('wasm');
});
afterAll(() => undo());

const balls: readonly Ball[] = [
  { norm: 'linf', epsilon: 0.1, box: null },
  { norm: 'linf', epsilon: 0.2, box: [0, 1] },
  { norm: 'l2', epsilon: 0.3 },
];

/** The network of the file with drawn numbers, and one of them for every seed. */
function subject(seed: number, ball: Ball): RandomNetwork {
  const next = seededNumbers(seed);
  const batch = 2;
  const own = { ...graph, ball };
  return {
    graph: own,
    ...drawParameters(own, [1], seed),
    x: Float64Array.from({ length: 20 * batch }, () => next()),
    labels: [0, 2],
    batch,
    epsilon: ball.epsilon,
    seed,
  };
}

describe('kinds that are added from outside', () => {
  it('are read from a file, and are words when it is run', () => {
    const text = printGraph(graph);
    expect(text).toMatch(/inner = crop\(gain_?\d*\) \{from: \[1, 0\], size: \[4, 3\]\}/);
    const withoutPlaces = (printed: string): string => printed.replaceAll(/ # .*$/gm, '');
    expect(withoutPlaces(printGraph(parseGraph(text)))).toBe(withoutPlaces(text));
    const image = input([5, 4, 1]);
    const inner = crop(gain(image, { factor: -0.7 }), { from: [1, 0], size: [4, 3] });
    const first = absolute(conv2d(inner, { filters: 2, kernelSize: 3, padding: 1 }));
    const second = conv2d(crop(first, { from: [0, 1], size: [3, 2] }), { filters: 2, kernelSize: 2 });
    const third = absolute(gain(second, { factor: 1.3 }));
    const logits = dense(absolute(dense(relu(flatten(third)), { units: 3 })), { units: 3 });
    const run = graphOfNetwork(
      network({ input: image, output: logits, ball: linf({ epsilon: 0.1 }) }),
      createReporter(),
    )!;
    expect(run.layers.map(({ kind, shape }) => ({ kind, shape }))).toEqual(
      graph.layers.map(({ kind, shape }) => ({ kind, shape })),
    );
  });

  it('have walks of their own, on windows where they keep maps', () => {
    const dual = buildDual(graph);
    expect(printDual(dual)).toMatch(/third +band/);
    const third = dual.bounds.find(({ name }) => name === 'third')!;
    // A position of the second convolution reads two rows of the first, each of them three rows further down by the crop.
    // The ball's norm is taken behind the gain, which only scales the input.
    const end = [...third.walk].at(-1)!.of;
    expect(end).not.toBe(graph.input);
    expect(third.fields?.get(end)).toEqual({ strides: [1, 1], offset: [0, 0], size: [4, 4] });
  });

  it('have rules that agree with what they mean', () => {
    const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
    for (const layer of graph.layers) {
      const kind = kinds.find(each => each === (layer.kind as string));
      if (kind === undefined) continue;
      const sample: LayerSample = { layer, inputShapes: layer.inputs.map(id => shapes.get(id)!), params: {} };
      const faults =
        kind === 'absolute'
          ? nonlinearityFaults(sample, sampleRules.absolute)
          : affineFaults(sample, sampleRules[kind], definitionOf(kind) as AnyAffineDefinition);
      expect(faults, layer.id).toEqual([]);
    }
  });

  it('are certified soundly by every strategy and relaxation, in every ball', () => {
    const coverage: Record<string, number> = {};
    for (const ball of balls)
      for (let seed = 0; seed < 10; seed++) {
        const found = checkNetwork(subject(seed, ball), { samples: 8, neurons: 3, steps: 2 });
        for (const [name, count] of Object.entries(found.coverage)) coverage[name] = (coverage[name] ?? 0) + count;
      }
    const own = allCells().filter(cell => kinds.some(kind => kind === cell.kind) && whyImpossible(cell) === null);
    expect(own.length).toBeGreaterThan(40);
    expect(own.map(nameOf).filter(name => coverage[name] === undefined)).toEqual([]);
  });

  it.each(['band', 'crown'] as const)('have the bounds of the usual form through %s', relaxation => {
    const given = subject(3, balls[0]!);
    const certificate = certificateOf(
      given,
      planFor(given, { name: '', bounds: `certify:${relaxation}`, memoryBytes: roomy }),
    );
    const plain = plainNetwork(given.graph, given.params);
    const written = writtenBounds(given.graph, plain, given.x.subarray(0, 20), 0, () => [relaxation]);
    for (const [id, { lower }] of written.bounds)
      expectNear(certificate.bounds[id]!.lower.subarray(0, lower.length), lower, 1e-9, `lower bounds of ${id}`);
    expectNear(certificate.margins.subarray(0, 3), written.margins, 1e-9, 'margins');
  });

  const plans: readonly EmissionOptions[] = [
    {},
    { bounds: 'crown' },
    { bounds: 'best(band, crown)' },
    { bounds: 'interval' },
    { bounds: 'backward/crown', memoryBytes: 1 },
    { bounds: 'certify:third=patches/crown,train:sketch' },
  ];

  it.each(plans)('run as a module on wasm, with the values and gradients of the interpreter: %o', async plan => {
    const given = subject(5, { ...graph.ball });
    const compiled = compileFor(graph, { ...plan, certifyBatch: 2, trainBatch: 2 });
    const parts = ['forward', 'certificate', 'robustLoss', 'naturalLoss', 'inputGradient'] as const;
    await compareModel(await importModel(compiled), expectationsFor(compiled, given, parts));
  });

  it.each(plans)('have the gradients of differences: %o', plan => {
    const given = subject(6, { ...graph.ball });
    const { robustLoss } = compileFor(graph, { ...plan, trainBatch: 2 }).programs;
    const inputs = {
      batchSize: 2,
      inputs: { x: given.x, labels: given.labels, epsilon: [0.1] },
      params: given.params,
      noise: (stream: string, _: string, count: number) =>
        seededNormals(stream.length, count).map(entry => Math.sign(entry) * (0.5 + Math.min(1.5, Math.abs(entry)))),
    };
    const outputs = interpret(robustLoss, inputs);
    let [compared, all] = [0, 0];
    for (const name of Object.keys(given.params)) {
      const [wide, narrow] = [1e-5, 3e-6].map(width => differences(robustLoss, 'crossEntropy', inputs, name, width));
      outputs[`gradient.${name}`]!.data.forEach((entry, i) => {
        all++;
        // Where they differ there is a kink between them.
        if (Math.abs(wide![i]! - narrow![i]!) > 1e-6) return;
        compared++;
        expect(Math.abs(entry - wide![i]!), `${name}, entry ${i}`).toBeLessThan(1e-5);
      });
    }
    expect(compared).toBeGreaterThan(0.8 * all);
  });

  it('cannot take the place of others', () => {
    expect(() => registerAffineRule('conv2d', sampleRules.gain)).toThrow('conv2d has a rule');
    expect(() => registerNonlinearityRule('absolute', sampleRules.absolute)).toThrow('absolute has a rule');
  });
});

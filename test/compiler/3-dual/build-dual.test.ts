import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LayerGraph, LayerKind } from '../../../compiler/2-graph/layer.ts';
import { printGraph } from '../../../compiler/2-graph/print-graph.ts';
import { buildWalks } from '../../../compiler/3-dual/build-walks.ts';
import type { DualStep, Walk } from '../../../compiler/3-dual/dual.ts';
import { neededBounds } from '../../../compiler/3-dual/print-dual.ts';
import { type LayerId, layerId } from '../../../compiler/shared/ids.ts';
import { type RandomNetwork, randomNetwork } from '../../support/random-network.ts';
import { mlp, residual, textDual, textGraph } from '../../support/text-graph.ts';

/** A step in few words: `transpose dense1 > x`. */
function stepText(step: DualStep): string {
  switch (step.kind) {
    case 'sum':
      return `sum ${step.of} < ${step.from.join(', ')}`;
    case 'copy':
    case 'cut':
      return `${step.kind} ${step.of} > ${step.to.join(', ')}`;
    case 'ball':
      return `ball ${step.of}`;
    default:
      return `${step.kind} ${step.of} > ${step.to}`;
  }
}

/** Every bound as `name of layer, rows, needs` and its walk. */
function walksOf(text: string): Record<string, readonly string[]> {
  const dual = textDual(text);
  return Object.fromEntries(
    dual.bounds.map(bound => [
      `${bound.name} of ${bound.of}, ${bound.rowCount} ${bound.rows}, needs ${neededBounds(dual, bound).join(' ') || 'nothing'}`,
      Array.from(bound.walk, stepText),
    ]),
  );
}

/** The definition: what a layer depends on, in reverse order, with a sum where several others read it. */
function plainWalk(graph: LayerGraph, start: LayerId): string[] {
  const steps: string[] = [];
  const senders = new Map<LayerId, LayerId[]>([[start, []]]);
  const end = endOfWalks(graph);
  for (const { id, kind, inputs } of graph.layers.toReversed()) {
    const from = senders.get(id);
    if (from === undefined) continue;
    if (from.length > 1) steps.push(`sum ${id} < ${from.join(', ')}`);
    if (id === end || inputs.length === 0) return [...steps, `ball ${id}`];
    steps.push(`${stepsOf[kind]} ${id} > ${inputs.join(', ')}`);
    for (const input of inputs) senders.set(input, [...(senders.get(input) ?? []), id]);
  }
  return steps;
}

const stepsOf: Readonly<Record<LayerKind, string>> = {
  input: 'ball',
  relu: 'relax',
  leakyRelu: 'relax',
  add: 'copy',
  concat: 'cut',
  conv2d: 'transpose',
  dense: 'transpose',
  averagePool2d: 'transpose',
  flatten: 'transpose',
  reshape: 'transpose',
  normalize: 'transpose',
};

/** The last layer that scales the input before anything else is done with it, in an l∞ ball. */
function endOfWalks({ layers, input, ball }: LayerGraph): LayerId | null {
  if (ball.norm === 'l2') return null;
  let [reached, end]: [LayerId, LayerId | null] = [input, null];
  for (let at = 0; at < layers.length; at++) {
    const readings = layers.flatMap(layer => layer.inputs.filter(id => id === reached).map(() => layer));
    const [only] = readings;
    if (only === undefined || readings.length > 1) return end;
    if (!['normalize', 'flatten', 'reshape'].includes(only.kind)) return end;
    reached = only.id;
    if (only.kind === 'normalize') end = only.id;
  }
  return end;
}

describe('buildWalks', () => {
  it('passes all that a layer depends on, whatever walks share', () => {
    const examine = ({ graph }: RandomNetwork): void => {
      for (const [layer, walk] of buildWalks(graph))
        expect(Array.from(walk, stepText), `${layer} of\n${printGraph(graph)}`).toEqual(plainWalk(graph, layer));
    };
    fc.assert(fc.property(randomNetwork, examine), { numRuns: 200, seed: 7 });
  });

  it('shares the rest from where all paths meet', () => {
    const walks = buildWalks(textGraph(residual));
    const walkOf = (id: string): Walk => walks.get(layerId(id))!;
    expect(walkOf('joined').steps.map(stepText)).toEqual([
      'copy joined > w2, h',
      'transpose w2 > inner',
      'relax inner > w1',
      'transpose w1 > h',
      'sum h < joined, w1',
    ]);
    expect(walkOf('joined').rest).toBe(walkOf('h'));
    expect(walkOf('x').rest).toBeNull();
  });
});

describe('buildDual', () => {
  it('walks from each nonlinearity, and from the output, straight back to the input', () => {
    expect(walksOf(mlp)).toEqual({
      'relu1 of dense1, 4 identity, needs nothing': ['transpose dense1 > x', 'ball x'],
      'relu2 of dense2, 5 identity, needs relu1': [
        'transpose dense2 > relu1',
        'relax relu1 > dense1',
        'transpose dense1 > x',
        'ball x',
      ],
      'margins of logits, 2 margins, needs relu2 relu1': [
        'transpose logits > relu2',
        'relax relu2 > dense2',
        'transpose dense2 > relu1',
        'relax relu1 > dense1',
        'transpose dense1 > x',
        'ball x',
      ],
    });
  });

  it('reverses a skip: the sum is copied to its operands, and where they part the duals are summed', () => {
    const walks = walksOf(residual);
    expect(walks['after of joined, 4 identity, needs inner h']).toEqual([
      'copy joined > w2, h',
      'transpose w2 > inner',
      'relax inner > w1',
      'transpose w1 > h',
      'sum h < joined, w1',
      'relax h > first',
      'transpose first > x',
      'ball x',
    ]);
    expect(Object.keys(walks)).toHaveLength(4);
  });

  it('sums as many duals as there are branches, one of them straight from the input', () => {
    const walks = walksOf(`
      x = input() : [2]
      a = dense(x) {units: 2, useBias: true} : [2]
      b = relu(a) : [2]
      c = dense(b) {units: 2, useBias: true} : [2]
      sum = add(c, b, x) : [2]
      output sum`);
    expect(walks['margins of sum, 2 margins, needs b']).toEqual([
      'copy sum > c, b, x',
      'transpose c > b',
      'sum b < sum, c',
      'relax b > a',
      'transpose a > x',
      'sum x < sum, a',
      'ball x',
    ]);
  });

  it('counts an operand that is added twice as two branches', () => {
    const walks = walksOf(`
      x = input() : [2]
      a = dense(x) {units: 2, useBias: true} : [2]
      twice = add(a, a) : [2]
      output twice`);
    expect(walks['margins of twice, 2 margins, needs nothing']).toEqual([
      'copy twice > a, a',
      'sum a < twice, twice',
      'transpose a > x',
      'ball x',
    ]);
  });

  it('bounds a layer once when two nonlinearities read it', () => {
    const dual = textDual(`
      x = input() : [2]
      a = dense(x) {units: 3, useBias: true} : [3]
      left = relu(a) : [3]
      right = relu(a) : [3]
      u = dense(left) {units: 2, useBias: true} : [2]
      v = dense(right) {units: 2, useBias: true} : [2]
      sum = add(u, v) : [2]
      output sum`);
    expect(dual.bounds.map(bound => bound.name)).toEqual(['left', 'margins']);
    expect(Object.fromEntries(dual.boundOfNonlinearity)).toEqual({ left: 'left', right: 'left' });
    expect(neededBounds(dual, dual.bounds.at(-1)!)).toEqual(['left']);
  });

  it('bounds the input itself where a nonlinearity reads it', () => {
    const walks = walksOf(`
      x = input() : [2]
      cut = relu(x) : [2]
      out = dense(cut) {units: 2, useBias: true} : [2]
      output out`);
    expect(walks['cut of x, 2 identity, needs nothing']).toEqual(['ball x']);
  });

  it('knows receptive fields as long as the walk stays on maps', () => {
    const dual = textDual(`
      x = input() : [4, 4, 1]
      conv = conv2d(x) {filters: 2, kernelSize: [3, 3], strides: [1, 1], padding: [0, 0, 0, 0], useBias: true} : [2, 2, 2]
      a = relu(conv) : [2, 2, 2]
      flat = flatten(a) : [8]
      hidden = dense(flat) {units: 3, useBias: true} : [3]
      b = relu(hidden) : [3]
      out = dense(b) {units: 2, useBias: true} : [2]
      output out`);
    const fields = Object.fromEntries(dual.bounds.map(bound => [bound.name, bound.fields]));
    expect(fields.a?.get(dual.graph.input)).toEqual({ strides: [1, 1], offset: [0, 0], size: [3, 3] });
    expect([fields.b, fields.margins]).toEqual([null, null]);
  });
});

/** Receptive fields against two slower ways: index sets on maps without borders, and inputs that are disturbed one by one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Layer, LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import { checkDual } from '../../../compiler/3-dual/check-dual.ts';
import type { Bound, DualNetwork, WindowView } from '../../../compiler/3-dual/dual.ts';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { lowerForward } from '../../../compiler/5-program/lower-forward.ts';
import { type LayerId, layerId } from '../../../compiler/shared/ids.ts';
import { seededNumbers } from '../../support/program-inputs.ts';

const span = { file: 'fields.arch.ts', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

/** A block of a random network on maps: a convolution, or one beside a skip. */
interface BlockPlan {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly skip: boolean;
}

const side = fc.integer({ min: 1, max: 4 });
const pad = fc.integer({ min: 0, max: 2 });
const stride = fc.integer({ min: 1, max: 2 });
const plans: fc.Arbitrary<readonly BlockPlan[]> = fc.array(
  fc.record({
    kernel: fc.tuple(side, side),
    strides: fc.tuple(stride, stride),
    pads: fc.tuple(pad, pad, pad, pad),
    skip: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

/** A network of one channel that ends in a nonlinearity on a map, so that its bound has fields. Null when a map vanishes. */
function networkOf(blocks: readonly BlockPlan[]): LayerGraph | null {
  const layers: Layer[] = [{ kind: 'input', id: layerId('x'), inputs: [], shape: [9, 8, 1], span }];
  let last = layers[0]!;
  const push = (layer: Layer): Layer => {
    layers.push(layer);
    last = layer;
    return layer;
  };
  for (const [index, { kernel, strides, pads, skip }] of blocks.entries()) {
    const before = last;
    // A skip keeps the map, so its branch has stride 1 and pads that make up for the kernel.
    const own = skip
      ? ([
          Math.floor((kernel[0] - 1) / 2),
          Math.ceil((kernel[0] - 1) / 2),
          Math.ceil((kernel[1] - 1) / 2),
          Math.floor((kernel[1] - 1) / 2),
        ] as const)
      : pads;
    const [down, across] = skip ? ([1, 1] as const) : strides;
    const rows = Math.floor(((before.shape[0] ?? 0) + own[0] + own[1] - kernel[0]) / down) + 1;
    const columns = Math.floor(((before.shape[1] ?? 0) + own[2] + own[3] - kernel[1]) / across) + 1;
    if (rows < 1 || columns < 1) return null;
    const shape = [rows, columns, 1];
    const conv = push({
      kind: 'conv2d',
      id: layerId(`conv${index}`),
      inputs: [before.id],
      shape,
      span,
      filters: 1,
      kernelSize: kernel,
      strides: [down, across],
      padding: { top: own[0], bottom: own[1], left: own[2], right: own[3] },
      useBias: false,
    });
    if (skip) push({ kind: 'add', id: layerId(`add${index}`), inputs: [conv.id, before.id], shape, span });
    push({ kind: 'relu', id: layerId(`relu${index}`), inputs: [last.id], shape, span });
  }
  return {
    source: 'fields.arch.ts',
    sourceHash: '',
    layers,
    input: layerId('x'),
    output: last.id,
    ball: { norm: 'linf', epsilon: 0.1, box: null },
  };
}

/** The bounds of every nonlinearity of the network, with those of the output left out. */
function boundsOf(graph: LayerGraph): { readonly dual: DualNetwork; readonly bounds: readonly Bound[] } {
  const dual = buildDual(graph);
  checkDual(dual);
  return { dual, bounds: dual.bounds.filter(bound => bound.rows === 'identity') };
}

/** Rows (axis 0) or columns (axis 1) of every layer that one place of `from` depends on, as if maps had no border. */
function dependencies(graph: LayerGraph, from: LayerId, place: number, axis: 0 | 1): Map<LayerId, Set<number>> {
  const places = new Map<LayerId, Set<number>>([[from, new Set([place])]]);
  for (const layer of graph.layers.toReversed()) {
    const own = places.get(layer.id);
    if (own === undefined) continue;
    for (const input of layer.inputs) {
      const known = places.get(input) ?? new Set<number>();
      places.set(input, known);
      if (layer.kind !== 'conv2d') for (const at of own) known.add(at);
      else {
        const before = axis === 0 ? layer.padding.top : layer.padding.left;
        for (const at of own)
          for (let k = 0; k < layer.kernelSize[axis]; k++) known.add(at * layer.strides[axis] - before + k);
      }
    }
  }
  return places;
}

const firstOf = (view: WindowView, place: number, axis: 0 | 1): number =>
  place * view.strides[axis] + view.offset[axis];

describe('receptiveFields', () => {
  it('are the smallest windows that hold every place a position depends on', () => {
    fc.assert(
      fc.property(plans, blocks => {
        const graph = networkOf(blocks);
        fc.pre(graph !== null);
        for (const { of, fields } of boundsOf(graph).bounds) {
          expect(fields).not.toBeNull();
          for (const axis of [0, 1] as const) {
            for (const place of [0, 1, 3]) {
              const depends = dependencies(graph, of, place, axis);
              expect([...fields!.keys()].sort()).toEqual([...depends.keys()].sort());
              for (const [layer, places] of depends) {
                const view = fields!.get(layer)!;
                const first = firstOf(view, place, axis);
                expect({ layer, first, end: first + view.size[axis] }).toEqual({
                  layer,
                  first: Math.min(...places),
                  end: Math.max(...places) + 1,
                });
              }
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('hold every input that changes an output when it is disturbed', () => {
    fc.assert(
      fc.property(plans, blocks => {
        const whole = networkOf(blocks);
        fc.pre(whole !== null);
        // The layer before the last nonlinearity: the one that its bound speaks of.
        const bound = boundsOf(whole).bounds.at(-1)!;
        const view = bound.fields!.get(whole.input)!;
        const program = lowerForward({ ...whole, output: bound.of });
        const next = seededNumbers(7);
        const params: Record<string, Float64Array> = {};
        for (const { op, shape } of program.body)
          if (op.kind === 'param')
            params[op.name] = Float64Array.from(
              { length: shape.reduce<number>((n, d) => n * Number(d), 1) },
              () => 0.5 + next(),
            );
        const [height = 0, width = 0] = whole.layers[0]!.shape;
        const [rows = 0, columns = 0] = whole.layers.find(layer => layer.id === bound.of)!.shape;
        const run = (x: Float64Array): Float64Array =>
          interpret(program, { batchSize: 1, inputs: { x }, params }).logits!.data;
        const quiet = run(new Float64Array(height * width).fill(1));
        let changes = 0;
        for (let at = 0; at < height * width; at++) {
          const disturbed = run(new Float64Array(height * width).fill(1).fill(2, at, at + 1));
          const [row, column] = [Math.floor(at / width), at % width];
          for (let out = 0; out < rows * columns; out++) {
            if (disturbed[out] === quiet[out]) continue;
            changes++;
            const [i, j] = [Math.floor(out / columns), out % columns];
            const [top, left] = [firstOf(view, i, 0), firstOf(view, j, 1)];
            expect(row >= top && row < top + view.size[0], `row ${row} of output ${i}`).toBe(true);
            expect(column >= left && column < left + view.size[1], `column ${column} of output ${j}`).toBe(true);
          }
        }
        expect(changes).toBeGreaterThan(0);
      }),
      { numRuns: 25 },
    );
  });

  it('are unknown where branches of different strides meet', () => {
    const conv = (kernel: number, strides: number) => ({
      kernelSize: [kernel, kernel] as const,
      strides: [strides, strides] as const,
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
      filters: 1,
      useBias: false,
      span,
    });
    // 7 → (7 − 1) / 2 + 1 = 4 by one convolution of stride 2, and 7 − 4 + 1 = 4 by one of stride 1.
    const layers: Layer[] = [
      { kind: 'input', id: layerId('x'), inputs: [], shape: [7, 7, 1], span },
      { kind: 'conv2d', id: layerId('a'), inputs: [layerId('x')], shape: [4, 4, 1], ...conv(1, 2) },
      { kind: 'conv2d', id: layerId('b'), inputs: [layerId('x')], shape: [4, 4, 1], ...conv(4, 1) },
      { kind: 'add', id: layerId('sum'), inputs: [layerId('a'), layerId('b')], shape: [4, 4, 1], span },
      { kind: 'relu', id: layerId('after'), inputs: [layerId('sum')], shape: [4, 4, 1], span },
    ];
    const graph: LayerGraph = {
      source: 'fields.arch.ts',
      sourceHash: '',
      layers,
      input: layerId('x'),
      output: layerId('after'),
      ball: { norm: 'l2', epsilon: 1 },
    };
    expect(boundsOf(graph).bounds[0]!.fields).toBeNull();
  });
});

/** Layer graphs by calls; shapes follow from the meaning of the layers. */
import type { Ball, Layer, LayerGraph, LayerKind, LayerOf, Padding } from '../../../../compiler/2-graph/layer.ts';
import { layerId } from '../../../../compiler/shared/ids.ts';
import { sizeOf } from '../../../../compiler/shared/shape.ts';

export interface ConvOptions {
  readonly filters: number;
  readonly kernel: readonly [number, number];
  readonly strides?: readonly [number, number];
  readonly padding?: Padding;
}

export interface PoolOptions {
  readonly pool: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly countPadding: boolean;
}

export interface GraphMaker {
  readonly input: Layer;
  dense(x: Layer, units: number, useBias?: boolean): Layer;
  conv2d(x: Layer, options: ConvOptions): Layer;
  relu(x: Layer): Layer;
  /** The slope is rounded to float32. */
  leakyRelu(x: Layer, negativeSlope: number): Layer;
  flatten(x: Layer): Layer;
  reshape(x: Layer, shape: readonly number[]): Layer;
  add(...operands: readonly Layer[]): Layer;
  concat(...operands: readonly Layer[]): Layer;
  averagePool2d(x: Layer, options: PoolOptions): Layer;
  normalize(x: Layer, mean: readonly number[], std: readonly number[]): Layer;
  /** Only what the output needs is kept. */
  network(output: Layer, ball: Ball): LayerGraph;
}

export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

export function graphMaker(inputShape: readonly number[]): GraphMaker {
  const layers: Layer[] = [];
  const append = <Kind extends LayerKind>(
    kind: Kind,
    inputs: readonly Layer[],
    own: Omit<LayerOf<Kind>, 'kind' | 'id' | 'inputs' | 'span'>,
  ): Layer => {
    const id = layerId(`${kind}${layers.filter(layer => layer.kind === kind).length + 1}`);
    const line = { line: layers.length + 1, column: 1 };
    const span = { file: 'exact.arch.ts', start: line, end: line };
    const layer = { ...own, kind, id, inputs: inputs.map(input => input.id), span } as unknown as Layer;
    layers.push(layer);
    return layer;
  };
  const flatten = (x: Layer): Layer =>
    x.shape.length === 1 ? x : append('flatten', [x], { shape: [sizeOf(x.shape)] });
  return {
    input: append('input', [], { shape: inputShape }),
    dense: (x, units, useBias = true) => append('dense', [flatten(x)], { shape: [units], units, useBias }),
    conv2d(x, { filters, kernel, strides = [1, 1], padding = noPadding }) {
      const [height = 0, width = 0] = x.shape;
      const rows = Math.floor((height + padding.top + padding.bottom - kernel[0]) / strides[0]) + 1;
      const columns = Math.floor((width + padding.left + padding.right - kernel[1]) / strides[1]) + 1;
      const shape = [rows, columns, filters];
      return append('conv2d', [x], { shape, filters, kernelSize: kernel, strides, padding, useBias: true });
    },
    leakyRelu: (x, negativeSlope) =>
      append('leakyRelu', [x], { shape: x.shape, negativeSlope: Math.fround(negativeSlope) }),
    concat(...operands) {
      const width = operands.reduce((sum, { shape }) => sum + shape.at(-1)!, 0);
      return append('concat', operands, { shape: [...operands[0]!.shape.slice(0, -1), width] });
    },
    averagePool2d(x, { pool, strides, padding, countPadding }) {
      const [height = 0, width = 0, channels = 0] = x.shape;
      const rows = Math.floor((height + padding.top + padding.bottom - pool[0]) / strides[0]) + 1;
      const columns = Math.floor((width + padding.left + padding.right - pool[1]) / strides[1]) + 1;
      const shape = [rows, columns, channels];
      return append('averagePool2d', [x], { shape, poolSize: pool, strides, padding, countPadding });
    },
    relu: x => append('relu', [x], { shape: x.shape }),
    flatten,
    reshape: (x, shape) => append('reshape', [x], { shape }),
    add: (...operands) => append('add', operands, { shape: operands[0]!.shape }),
    normalize: (x, mean, std) => append('normalize', [x], { shape: x.shape, mean, std }),
    network(output, ball) {
      const needed = new Set([output.id, layers[0]!.id]);
      for (const layer of layers.toReversed()) if (needed.has(layer.id)) for (const id of layer.inputs) needed.add(id);
      return {
        source: 'exact.arch.ts',
        sourceHash: '0'.repeat(64),
        layers: layers.filter(({ id }) => needed.has(id)),
        input: layers[0]!.id,
        output: output.id,
        ball,
      };
    },
  };
}

/** Shapes of a graph's parameters, by name. */
export function parameterShapes({ layers }: LayerGraph): Record<string, readonly number[]> {
  const shapes = new Map(layers.map(({ id, shape }) => [id, shape]));
  return Object.fromEntries(
    layers.flatMap(layer => {
      if (layer.kind !== 'dense' && layer.kind !== 'conv2d') return [];
      const channels = shapes.get(layer.inputs[0]!)!.at(-1)!;
      const outputs = layer.kind === 'dense' ? layer.units : layer.filters;
      const kernel = layer.kind === 'dense' ? [channels, outputs] : [...layer.kernelSize, channels, outputs];
      const weight = [`${layer.id}.weight`, kernel] as const;
      return layer.useBias ? [weight, [`${layer.id}.bias`, [outputs]] as const] : [weight];
    }),
  );
}

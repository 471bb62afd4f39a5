/** Reads a case of `../shared/golden`: the authors' network as a layer graph, its parameters and values in the layout of dualc. */
import { readFileSync } from 'node:fs';
import type { Ball, Layer, LayerGraph } from '../../compiler/2-graph/layer.ts';
import { layerId } from '../../compiler/shared/ids.ts';
import { sharedPath } from './shared-data.ts';

export const goldenCases = [
  'mlp-linf',
  'mlp-l2',
  'resmlp-linf',
  'conv-linf',
  'conv-linf-box',
  'conv-l2',
  'resnet-linf',
  'resnet-linf-box',
  'resnet-l2',
] as const;

interface GoldenNode {
  readonly id: string;
  readonly op: 'conv2d' | 'relu' | 'flatten' | 'linear' | 'add';
  readonly inputs: readonly string[];
  readonly stride?: number;
  readonly padding?: number;
  readonly kernel?: number;
  readonly weight?: string;
  readonly bias?: string;
}

interface GoldenFile {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly nodes: readonly GoldenNode[];
  readonly norm: 'linf' | 'l2';
  readonly epsilon: number;
  readonly box: [number, number] | null;
  readonly params: Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>;
  readonly x: readonly number[];
  readonly batch: number;
  readonly labels: readonly number[];
  readonly logits: readonly number[];
  readonly bounds: Record<
    string,
    { readonly lower: readonly number[]; readonly upper: readonly number[]; readonly shape: readonly number[] }
  >;
  readonly J: readonly number[];
  readonly robustCrossEntropy: number;
  readonly robustError: number;
  readonly grads: Record<string, readonly number[]>;
}

export interface GoldenCase {
  readonly graph: LayerGraph;
  readonly batch: number;
  readonly epsilon: number;
  readonly labels: readonly number[];
  readonly x: Float64Array;
  readonly params: Record<string, Float64Array>;
  readonly logits: readonly number[];
  readonly margins: readonly number[];
  readonly robustCrossEntropy: number;
  readonly robustError: number;
  /** By nonlinearity, in NHWC order. */
  readonly bounds: Record<string, { readonly lower: Float64Array; readonly upper: Float64Array }>;
  readonly gradients: Record<string, Float64Array>;
}

const nowhere = { file: 'golden.arch.ts', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
const name = (id: string): string => id.replace(/\W/g, '_');

/** `from` dimension of each axis of `shape`, in the order wanted. */
function permute(data: ArrayLike<number>, shape: readonly number[], perm: readonly number[]): Float64Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  const outShape = perm.map(axis => shape[axis] ?? 1);
  return Float64Array.from({ length: data.length }, (_, flat) => {
    let rest = flat;
    let from = 0;
    for (let axis = outShape.length - 1; axis >= 0; axis--) {
      const dim = outShape[axis] ?? 1;
      from += (rest % dim) * (strides[perm[axis] ?? 0] ?? 0);
      rest = Math.floor(rest / dim);
    }
    return data[from] ?? Number.NaN;
  });
}

/** `[n, c, h, w]` → `[n, h, w, c]`; other ranks stay. */
const channelsLast = (data: ArrayLike<number>, shape: readonly number[]): Float64Array =>
  shape.length === 4 ? permute(data, shape, [0, 2, 3, 1]) : Float64Array.from(data);

const hwc = (shape: readonly number[]): number[] =>
  shape.length === 3 ? [shape[1] ?? 0, shape[2] ?? 0, shape[0] ?? 0] : [...shape];

export function readGolden(file: string): GoldenCase {
  const golden = JSON.parse(readFileSync(sharedPath(`golden/${file}.json`), 'utf8')) as GoldenFile;
  const layers: Layer[] = [];
  const shapes = new Map<string, number[]>();
  const params: Record<string, Float64Array> = {};
  const gradients: Record<string, Float64Array> = {};
  /** For a flattened value: the map it came from. */
  const flattened = new Map<string, number[]>();
  const add = (layer: Omit<Layer, 'span'>): void => void layers.push({ ...layer, span: nowhere } as Layer);
  const inputShape = hwc(golden.inputShape);
  shapes.set('input', inputShape);
  add({ kind: 'input', id: layerId('input'), inputs: [], shape: inputShape } as Omit<Layer, 'span'>);
  for (const node of golden.nodes) {
    const id = layerId(name(node.id));
    const inputs = node.inputs.map(input => layerId(name(input)));
    const from = shapes.get(node.inputs[0] ?? '') ?? [];
    const map = flattened.get(node.inputs[0] ?? '');
    const parameter = (
      source: string | undefined,
      target: string,
      change: (data: readonly number[], shape: readonly number[]) => Float64Array,
    ): void => {
      if (source === undefined) return;
      const { shape, data } = golden.params[source] ?? { shape: [], data: [] };
      params[`${id}.${target}`] = change(data, shape);
      gradients[`${id}.${target}`] = change(golden.grads[source] ?? [], shape);
    };
    let shape = from;
    if (node.op === 'conv2d') {
      const [kernel = 0, stride = 1, padding = 0] = [node.kernel, node.stride, node.padding];
      const filters = golden.params[node.weight ?? '']?.shape[0] ?? 0;
      const size = (dim: number): number => Math.floor((dim + 2 * padding - kernel) / stride) + 1;
      shape = [size(from[0] ?? 0), size(from[1] ?? 0), filters];
      const pads = { top: padding, bottom: padding, left: padding, right: padding };
      add({
        kind: 'conv2d',
        id,
        inputs,
        shape,
        filters,
        kernelSize: [kernel, kernel],
        strides: [stride, stride],
        padding: pads,
        useBias: node.bias !== undefined,
      } as Omit<Layer, 'span'>);
      parameter(node.weight, 'weight', (data, at) => permute(data, at, [2, 3, 1, 0]));
    } else if (node.op === 'linear') {
      const units = golden.params[node.weight ?? '']?.shape[0] ?? 0;
      shape = [units];
      add({ kind: 'dense', id, inputs, shape, units, useBias: node.bias !== undefined } as Omit<Layer, 'span'>);
      parameter(node.weight, 'weight', (data, at) => {
        if (map === undefined) return permute(data, at, [1, 0]);
        const [height = 1, width = 1, channels = 1] = map;
        return permute(data, [units, channels, height, width], [2, 3, 1, 0]);
      });
    } else {
      if (node.op === 'flatten') {
        shape = [from.reduce((product, dim) => product * dim, 1)];
        if (from.length === 3) flattened.set(node.id, from);
      } else if (map !== undefined) flattened.set(node.id, map);
      add({ kind: node.op, id, inputs, shape } as Omit<Layer, 'span'>);
    }
    parameter(node.bias, 'bias', data => Float64Array.from(data));
    shapes.set(node.id, shape);
  }
  const ball: Ball =
    golden.norm === 'l2'
      ? { norm: 'l2', epsilon: golden.epsilon }
      : { norm: 'linf', epsilon: golden.epsilon, box: golden.box };
  const output = layers.at(-1)?.id ?? layerId('input');
  const bounds: Record<string, { lower: Float64Array; upper: Float64Array }> = {};
  for (const [id, bound] of Object.entries(golden.bounds)) {
    const map = flattened.get(id);
    const shape = map === undefined ? bound.shape : [golden.batch, map[2] ?? 1, map[0] ?? 1, map[1] ?? 1];
    bounds[name(id)] = { lower: channelsLast(bound.lower, shape), upper: channelsLast(bound.upper, shape) };
  }
  return {
    graph: { source: `${file}.arch.ts`, sourceHash: '0'.repeat(64), layers, input: layerId('input'), output, ball },
    batch: golden.batch,
    epsilon: golden.epsilon,
    labels: golden.labels,
    x: channelsLast(golden.x, [golden.batch, ...golden.inputShape]),
    params,
    logits: golden.logits,
    margins: golden.J,
    robustCrossEntropy: golden.robustCrossEntropy,
    robustError: golden.robustError,
    bounds,
    gradients,
  };
}

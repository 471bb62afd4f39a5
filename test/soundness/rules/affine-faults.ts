/**
 * What is wrong with the rule of an affine kind, function by function, on one layer: each is run by itself and held against the layer as
 * an explicit matrix.
 */
import type { AffineMap } from '../../../compiler/5-program/affine/affine-map.ts';
import type { AffineRule } from '../../../compiler/5-program/affine/affine-rule.ts';
import { createBuilder, type ProgramBuilder } from '../../../compiler/5-program/builder.ts';
import { interpret, type ProgramOutput } from '../../../compiler/5-program/interpret.ts';
import type { AffineDefinition } from '../../../compiler/layers/definition.ts';
import { assertNever, InternalError } from '../../../compiler/shared/assert.ts';
import type { ValueId } from '../../../compiler/shared/ids.ts';
import { type Shape, sizeOf } from '../../../compiler/shared/shape.ts';
import { seededNumbers } from '../../support/program-inputs.ts';
import { type ExplicitMatrix, matrixOf, product, transposedProduct } from './explicit-matrix.ts';
import type { LayerSample } from './layer-samples.ts';

// biome-ignore lint/suspicious/noExplicitAny: the rule of whatever kind the sample is of.
export type AnyAffineRule = AffineRule<any>;
// biome-ignore lint/suspicious/noExplicitAny: the same.
export type AnyAffineDefinition = AffineDefinition<any, any>;

const tolerance = 1e-9;
const far = (a: number, b: number): boolean => !(Math.abs(a - b) <= tolerance * (1 + Math.abs(a) + Math.abs(b)));
const differ = (found: ArrayLike<number>, wanted: ArrayLike<number>): boolean =>
  found.length !== wanted.length || Array.from(found).some((entry, i) => far(entry, wanted[i]!));

/** Runs what `build` makes of one value of each shape, given under its name. */
function run(
  sample: LayerSample,
  values: Readonly<Record<string, { readonly shape: Shape; readonly data: ArrayLike<number> }>>,
  build: (b: ProgramBuilder, ...own: ValueId[]) => ValueId,
): ProgramOutput {
  const b = createBuilder();
  const own = Object.entries(values).map(([name, { shape }]) => b.source({ kind: 'param', name, shape }));
  const program = b.finish('rule', { result: build(b, ...own) });
  const params = {
    ...sample.params,
    ...Object.fromEntries(Object.entries(values).map(([name, { data }]) => [name, data])),
  };
  return interpret(program, { batchSize: 1, inputs: {}, params }).result!;
}

/** By name; outward also with a floor that can be seen. */
const maps: Readonly<Record<string, readonly AffineMap[]>> = {
  affine: ['affine'],
  linear: ['linear'],
  magnitude: ['magnitude'],
  squared: ['squared'],
  outwardSquared: ['outwardSquared'],
  outward: [0, 0.25].map(floor => ({ kind: 'outward', biasShare: 3, floor })),
} satisfies { readonly [Name in Extract<AffineMap, string> | 'outward']: readonly AffineMap[] };

export const mapNames: readonly string[] = Object.keys(maps);

/** Names of what is wrong: `forward <map>`, and the other functions' own. */
export function affineFaults(sample: LayerSample, rule: AnyAffineRule, definition: AnyAffineDefinition): string[] {
  const { layer, inputShapes } = sample;
  const inputShape = inputShapes[0]!;
  const matrix = matrixOf(sample);
  const next = seededNumbers(sizeOf(layer.shape) + 7 * sizeOf(inputShape));
  const drawn = (count: number): Float64Array => Float64Array.from({ length: count }, () => 2 * next() - 1);
  const faults: string[] = [];
  const fault = (name: string, isWrong: boolean): void => void (isWrong && faults.push(name));

  const x = drawn(sizeOf(inputShape));
  for (const [name, own] of Object.entries(maps)) {
    const isSize = !['affine', 'linear'].includes(name);
    const point = isSize ? x.map(Math.abs) : x;
    for (const map of own) {
      const found = run(sample, { x: { shape: [1, ...inputShape], data: point } }, (b, value) =>
        rule.forward(b, layer, value, map),
      ).data;
      fault(`forward ${name}`, found.length !== matrix.weights.length || isWrongImage(map, matrix, point, found));
    }
  }

  const dual = drawn(sizeOf(layer.shape));
  const back = run(sample, { dual: { shape: [1, ...layer.shape], data: dual } }, (b, value) =>
    rule.transposed(b, layer, value, inputShape),
  );
  fault('transposed', differ(back.data, transposedProduct(matrix, dual)));

  if (rule.rows !== null) {
    const rows = run(sample, {}, b => rule.rows!(b, layer, inputShape));
    fault(
      'rows',
      differ(
        rows.data,
        matrix.weights.flatMap(row => [...row]),
      ),
    );
  }
  if (rule.liveProducts !== null) {
    const live = Float64Array.from(x, () => Number(next() < 0.6));
    const { shape, data } = run(sample, { live: { shape: [1, ...inputShape], data: live } }, (b, value) =>
      rule.liveProducts!(b, layer, value),
    );
    const isWrong = matrix.reads.some((reads, output) => {
      const certain = [...reads].filter(input => live[input] === 1).length;
      return !(data[broadcastPlace(output, [1, ...layer.shape], shape)]! >= certain);
    });
    fault('liveProducts', isWrong);
  }
  const window = definition.window === null ? null : definition.window(layer);
  fault('window', (definition.window === null) !== (rule.transposedOnWindow === null));
  if (window !== null && rule.transposedOnWindow !== null && layer.shape.length === 3)
    for (const size of [
      [1, 1],
      [Math.min(2, layer.shape[0]!), Math.min(3, layer.shape[1]!)],
    ] as const)
      fault(
        'transposedOnWindow',
        isRefused(() => isWrongOnWindow(sample, rule, matrix, window, size, drawn)),
      );
  fault('mixesEntries', !definition.mixesEntries && matrix.reads.some(reads => reads.size > 1));
  return [...new Set(faults)];
}

/** A window of the wrong size may not even make a program. */
function isRefused(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof InternalError) return true;
    throw error;
  }
}

function isWrongImage(map: AffineMap, matrix: ExplicitMatrix, x: Float64Array, found: Float64Array): boolean {
  const { bias, reads, weights } = matrix;
  const plain = product(matrix, x);
  const sizes = product(matrix, x, Math.abs);
  const squares = product(matrix, x, weight => weight * weight);
  const isReordering = weights.every(row => row.every(weight => weight === 0 || weight === 1)) && !bias.some(Boolean);
  return found.some((entry, i) => {
    if (typeof map === 'object') {
      const floors = isReordering ? 0 : map.floor * reads[i]!.size;
      const least = sizes[i]! + map.biasShare * Math.abs(bias[i]!);
      return entry < (least + floors) * (1 - 1e-12) || (map.floor === 0 && entry > least * (1 + 1e-5) + 1e-25);
    }
    switch (map) {
      case 'affine':
        return far(entry, plain[i]! + bias[i]!);
      case 'linear':
        return far(entry, plain[i]!);
      case 'magnitude':
        return far(entry, sizes[i]!);
      case 'squared':
        return far(entry, squares[i]!);
      case 'outwardSquared':
        return entry < squares[i]! * (1 - 1e-12) || entry > squares[i]! * (1 + 1e-5) + 1e-30;
      default:
        return assertNever(map);
    }
  });
}

/** Where entry `place` of a tensor of shape `all` lies in one of `shape`, which broadcasts to it. */
function broadcastPlace(place: number, all: Shape, shape: Shape): number {
  let [rest, result, stride] = [place, 0, 1];
  for (let axis = all.length - 1; axis >= 0; axis--) {
    const at = rest % all[axis]!;
    rest = Math.floor(rest / all[axis]!);
    const own = shape[axis - (all.length - shape.length)] ?? 1;
    if (own > 1) result += at * stride;
    stride *= own;
  }
  return result;
}

/** A dual that is 0 outside of a window, wherever that lies on the map. */
function isWrongOnWindow(
  sample: LayerSample,
  rule: AnyAffineRule,
  matrix: ExplicitMatrix,
  window: {
    readonly strides: readonly number[];
    readonly kernelSize: readonly number[];
    readonly before: readonly number[];
  },
  size: readonly [number, number],
  drawn: (count: number) => Float64Array,
): boolean {
  const { layer, inputShapes } = sample;
  const [rows = 0, columns = 0, filters = 0] = layer.shape;
  const [height = 0, width = 0, channels = 0] = inputShapes[0]!;
  const [tall, wide] = [0, 1].map(axis => (size[axis]! - 1) * window.strides[axis]! + window.kernelSize[axis]!) as [
    number,
    number,
  ];
  const dual = drawn(size[0] * size[1] * filters);
  const { data: found } = run(sample, { dual: { shape: [1, ...size, filters], data: dual } }, (b, value) =>
    rule.transposedOnWindow!(b, layer, value, [tall, wide], inputShapes[0]!),
  );
  if (found.length !== tall * wide * channels) return true;
  for (let top = 0; top + size[0] <= rows; top++)
    for (let left = 0; left + size[1] <= columns; left++) {
      const whole = new Float64Array(rows * columns * filters);
      dual.forEach((entry, i) => {
        const [filter, position] = [i % filters, Math.floor(i / filters)];
        const [row, column] = [top + Math.floor(position / size[1]), left + (position % size[1])];
        whole[(row * columns + column) * filters + filter] = entry;
      });
      const wanted = transposedProduct(matrix, whole);
      const [firstRow, firstColumn] = [
        top * window.strides[0]! - window.before[0]!,
        left * window.strides[1]! - window.before[1]!,
      ];
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++)
          for (let channel = 0; channel < channels; channel++) {
            const [down, right] = [y - firstRow, x - firstColumn];
            const isInside = down >= 0 && down < tall && right >= 0 && right < wide;
            const own = isInside ? found[(down * wide + right) * channels + channel]! : 0;
            if (far(own, wanted[(y * width + x) * channels + channel]!)) return true;
          }
    }
  return false;
}

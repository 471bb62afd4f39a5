/**
 * Average pooling: sums along both axes, one after the other, then a factor. Each sum is a convolution with a kernel of ones of one channel:
 * first of `[height, width · channels]`, then of each row, `[width, channels]`. What lies beyond the map is 0, and counts or not.
 */
import type { LayerOf } from '../../2-graph/layer.ts';
import { found } from '../../shared/assert.ts';
import { floorOfSizes, roundedUp } from '../../shared/float32.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { Shape } from '../../shared/shape.ts';
import type { ProgramBuilder } from '../builder.ts';
import { type Dim, timesDim } from '../dim.ts';
import type { AffineMap } from './affine-map.ts';
import type { AffineRule } from './affine-rule.ts';
import { floorOfSquares } from './kernel.ts';

type Layer = LayerOf<'averagePool2d'>;

interface Axis {
  readonly pool: number;
  readonly stride: number;
  /** Padding before and after. */
  readonly before: number;
  readonly after: number;
}

const axesOf = ({ poolSize, strides, padding }: Layer): readonly [Axis, Axis] => [
  { pool: poolSize[0], stride: strides[0], before: padding.top, after: padding.bottom },
  { pool: poolSize[1], stride: strides[1], before: padding.left, after: padding.right },
];
const unpadded = (axis: Axis): Axis => ({ ...axis, before: 0, after: 0 });

const onesOf = (b: ProgramBuilder, { pool }: Axis): ValueId =>
  b.append({ kind: 'broadcast', shape: [pool, 1, 1, 1] }, [b.constant(1)]);

const geometryOf = ({ stride, before, after }: Axis) =>
  ({ strides: [stride, 1], padding: [before, after, 0, 0] }) as const;

const sizes = (b: ProgramBuilder, x: ValueId): readonly [Dim, number, number, number] => {
  const [n = 0, height, width, channels] = b.shapeOf(x);
  return [n, Number(height), Number(width), Number(channels)];
};

/** `[n, height, width, channels] → [n, rows, columns, channels]`. */
function summed(b: ProgramBuilder, x: ValueId, [down, across]: readonly [Axis, Axis]): ValueId {
  const [n, height, width, channels] = sizes(b, x);
  const tall = b.reshape(x, [n, height, width * channels, 1]);
  const inRows = b.append({ kind: 'conv2d', ...geometryOf(down) }, [tall, onesOf(b, down)]);
  const rows = Number(b.shapeOf(inRows)[1]);
  const wide = b.reshape(inRows, [timesDim(n, rows), width, channels, 1]);
  const inColumns = b.append({ kind: 'conv2d', ...geometryOf(across) }, [wide, onesOf(b, across)]);
  return b.reshape(inColumns, [n, rows, found(b.shapeOf(inColumns)[1], 'columns'), channels]);
}

/** The transpose: every entry to all entries of its window, `[n, rows, columns, channels] → [n, …size, channels]`. */
function spread(
  b: ProgramBuilder,
  dual: ValueId,
  [down, across]: readonly [Axis, Axis],
  [height, width]: readonly [number, number],
): ValueId {
  const [n, rows, columns, channels] = sizes(b, dual);
  const wide = b.reshape(dual, [timesDim(n, rows), columns, channels, 1]);
  const alongRows = b.append({ kind: 'transposedConv2d', inputSize: [width, channels], ...geometryOf(across) }, [
    wide,
    onesOf(b, across),
  ]);
  const tall = b.reshape(alongRows, [n, rows, width * channels, 1]);
  const alongColumns = b.append(
    { kind: 'transposedConv2d', inputSize: [height, width * channels], ...geometryOf(down) },
    [tall, onesOf(b, down)],
  );
  return b.reshape(alongColumns, [n, height, width, channels]);
}

/** Entries that the average of each window along an axis counts. */
function countsAlong({ pool, stride, before }: Axis, outputs: number, input: number, countPadding: boolean): number[] {
  return Array.from({ length: outputs }, (_, index) => {
    if (countPadding) return pool;
    const first = index * stride - before;
    return Math.min(first + pool, input) - Math.max(first, 0);
  });
}

/** Times one over the count of each window, changed by `change`: one number where all count the same, else one for each row and column. */
function timesShares(
  b: ProgramBuilder,
  layer: Layer,
  x: ValueId,
  inputSize: readonly [number, number],
  change: (share: number) => number,
): ValueId {
  const [rows = 0, columns = 0] = layer.shape;
  const [down, across] = axesOf(layer);
  const ofRows = countsAlong(down, rows, inputSize[0], layer.countPadding);
  const ofColumns = countsAlong(across, columns, inputSize[1], layer.countPadding);
  const isSame = [ofRows, ofColumns].every(counts => counts.every(count => count === counts[0]));
  if (isSame) return b.binary('mul', x, b.constant(change(1 / (ofRows[0]! * ofColumns[0]!))));
  const vector = (counts: readonly number[], shape: Shape): ValueId =>
    b.reshape(b.source({ kind: 'vector', values: counts.map(count => change(1 / count)) }), shape);
  return b.binary('mul', b.binary('mul', x, vector(ofRows, [rows, 1, 1])), vector(ofColumns, [columns, 1]));
}

function inputSizeOf(b: ProgramBuilder, x: ValueId): readonly [number, number] {
  const [, height, width] = sizes(b, x);
  return [height, width];
}

function forward(b: ProgramBuilder, layer: Layer, x: ValueId, map: AffineMap): ValueId {
  const size = inputSizeOf(b, x);
  const products = layer.poolSize[0] * layer.poolSize[1];
  const times = (value: ValueId, change: (share: number) => number): ValueId =>
    timesShares(b, layer, value, size, change);
  const sums = summed(b, x, axesOf(layer));
  // Both numbers of a share are never too small by this.
  const up = (share: number): number => roundedUp(share + floorOfSizes);
  if (typeof map === 'object') return b.binary('add', times(sums, up), b.constant(roundedUp(products * map.floor)));
  switch (map) {
    case 'affine':
    case 'linear':
    case 'magnitude':
      return times(sums, share => share);
    case 'squared':
      return times(sums, share => share * share);
    case 'outwardSquared':
      return b.binary(
        'add',
        times(sums, share => up(share * share)),
        b.constant(roundedUp(products * floorOfSquares)),
      );
  }
}

export const averagePool2d: AffineRule<Layer> = {
  forward,
  transposed(b, layer, dual, inputShape) {
    const [height = 0, width = 0] = inputShape;
    const scaled = timesShares(b, layer, dual, [height, width], share => share);
    return spread(b, scaled, axesOf(layer), [height, width]);
  },
  transposedOnWindow(b, layer, dual, inputWindow) {
    const [down, across] = axesOf(layer);
    const scaled = b.binary('mul', dual, b.constant(1 / (layer.poolSize[0] * layer.poolSize[1])));
    return spread(b, scaled, [unpadded(down), unpadded(across)], inputWindow);
  },
  rows: null,
  liveProducts: null,
};

/** Single operations at the sizes that programs have them in, run as the emitted code runs them. */
import * as tf from '@tensorflow/tfjs-core';
import {
  cauchyNoise,
  cauchyScale,
  conv2d,
  conv2dKernelGradient,
  matMul,
  rowNorms,
  scaledRows,
  slopeMapNorms,
  transposedConv2d,
  transposedConv2dNorms,
  unitRows,
  windows,
  windowsAt,
} from '../../../runtime/index.ts';
import type { TimedFamily } from '../../4-schedule/rates/rate.ts';
import type { Op } from '../../5-program/tensor-program.ts';

export interface TimedCase {
  /** The family whose time it shows, where that is not its own. */
  readonly standsFor: TimedFamily | null;
  readonly op: Op;
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...operands: tf.Tensor[]) => tf.Tensor;
}

type Run = TimedCase['run'];
const timed = (op: Op, shapes: readonly (readonly number[])[], run: Run): TimedCase => ({
  op,
  shapes,
  run,
  standsFor: null,
});

const maps = [
  [2, 4, 4, 4],
  [8, 14, 14, 16],
  [100, 14, 14, 16],
  [800, 14, 14, 16],
] as const;

const elementwise = maps.flatMap(shape => [
  timed({ kind: 'add' }, [shape, shape], (x, y) => tf.add(x!, y!)),
  timed({ kind: 'mul' }, [shape, []], (x, y) => tf.mul(x!, y!)),
  timed({ kind: 'relu' }, [shape], x => tf.relu(x!)),
]);

const reductions = maps.flatMap(([n, h, w, c]) => [
  timed({ kind: 'sum', axes: [1], keepDims: false }, [[n, h * w * c]], x => tf.sum(x!, 1)),
  timed({ kind: 'max', axes: [1], keepDims: true }, [[n, h * w * c]], x => tf.max(x!, 1, true)),
]);

const copies = [
  ...maps.flatMap(([n, h, w, c]) => [
    timed({ kind: 'transpose', perm: [1, 0] }, [[n, h * w * c]], x => tf.transpose(x!)),
    timed({ kind: 'slice', axis: 0, begin: 1, size: n - 1 }, [[n, h * w * c]], x =>
      tf.slice(x!, [1, 0], [n - 1, h * w * c]),
    ),
  ]),
  ...[10, 100, 1000].map(rows =>
    timed({ kind: 'unitRows', rows, size: rows, shape: [rows] }, [], () => unitRows(0, rows, rows, [rows])),
  ),
];

const broadcasts = maps
  .slice(0, 3)
  .map(([n, h, w, c]) =>
    timed({ kind: 'broadcast', shape: [n, h, w, c] }, [[1, h, w, c]], x => tf.broadcastTo(x!, [n, h, w, c])),
  );

const gathered = ([4, 8, 14] as const).flatMap(edge =>
  [1, 8].map(n => {
    const pair = [edge, edge] as const;
    const window = [4, 4] as const;
    const op: Op = {
      kind: 'windows',
      grid: pair,
      strides: [1, 1],
      offset: [-1, -1],
      size: window,
      rowsPerWindow: 16,
      count: edge * edge,
    };
    return timed(op, [[n, edge, edge, 16]], x => windows(x!, op, 0, edge * edge));
  }),
);

/** A window for each row that is asked for: rows, edge of the map, its channels, edge of the window. */
const gatheredAt = (
  [
    [100, 14, 16, 4],
    [1600, 14, 16, 4],
    [1600, 28, 1, 10],
  ] as const
).map(([rows, edge, channels, size]) => {
  const stride = Math.floor(edge / 7);
  const view = { grid: [7, 7], strides: [stride, stride], offset: [-1, -1], size: [size, size] } as const;
  const indices = Array.from({ length: rows }, (_, i) => (i * 97) % (7 * 7 * 32 * 8));
  return timed({ kind: 'windowsAt', ...view, rowsPerWindow: 32 }, [[8, edge, edge, channels], [rows]], map =>
    tf.tidy(() => windowsAt(map!, tf.tensor1d(indices, 'int32'), view, 32)),
  );
});

const rows = ([4, 100, 392] as const).flatMap(features => [
  ...[1, 8].flatMap(groups =>
    [10, 100].flatMap(count => [
      timed(
        { kind: 'rowNorms', rows: count },
        [
          [count * groups, features],
          [groups, features],
        ],
        (dual, weights) => rowNorms(dual!, weights!, count),
      ),
      timed(
        { kind: 'scaledRows', rows: count },
        [
          [count * groups, features],
          [groups, features],
        ],
        (dual, factors) => scaledRows(dual!, factors!, count),
      ),
    ]),
  ),
]);

const products = (
  [
    [1, 64, 10],
    [8, 1568, 100],
    [100, 100, 1568],
    [800, 100, 1568],
    [512, 512, 512],
  ] as const
).map(([m, k, n]) =>
  timed(
    { kind: 'matMul', transposeA: false, transposeB: false },
    [
      [m, k],
      [k, n],
    ],
    (a, b) => matMul(a!, b!),
  ),
);

/** Images, edge of the map, channels, filters, edge of the kernel, stride. */
const convolutions = [
  [8, 28, 1, 16, 4, 2],
  [8, 14, 16, 32, 4, 2],
  [100, 14, 16, 32, 4, 2],
  [800, 14, 16, 32, 4, 2],
  [100, 28, 1, 16, 4, 2],
  [64, 32, 16, 16, 3, 1],
  [64, 8, 64, 64, 3, 1],
  [2, 4, 4, 4, 3, 1],
] as const;

const convolved = convolutions.flatMap(([n, edge, channels, filters, k, stride]) => {
  const geometry = { strides: [stride, stride], padding: [1, 1, 1, 1] } as const;
  const out = Math.floor((edge + 2 - k) / stride) + 1;
  const [x, y, kernel] = [
    [n, edge, edge, channels],
    [n, out, out, filters],
    [k, k, channels, filters],
  ] as const;
  return [
    timed({ kind: 'conv2d', ...geometry }, [x, kernel], (a, b) => conv2d(a!, b!, geometry)),
    timed({ kind: 'transposedConv2d', inputSize: [edge, edge], ...geometry }, [y, kernel], (a, b) =>
      transposedConv2d(a!, b!, { ...geometry, inputSize: [edge, edge] }),
    ),
    timed(
      { kind: 'transposedConv2dNorms', inputSize: [edge, edge], rows: n, ...geometry },
      [y, kernel, [1, edge, edge, channels]],
      (a, b, c) => transposedConv2dNorms(a!, b!, c!, { ...geometry, inputSize: [edge, edge] }, n),
    ),
    timed({ kind: 'conv2dKernelGradient', kernelSize: [k, k], ...geometry }, [x, y], (a, b) =>
      conv2dKernelGradient(a!, b!, { ...geometry, kernelSize: [k, k] }),
    ),
  ];
});

/** Maps of a window each, with weights of their own: edge, filters, channels behind them, edge of the kernel, stride. */
const normsOfWindows = (
  [
    [100, 4, 16, 1, 4, 2],
    [1600, 4, 16, 1, 4, 2],
    [1600, 4, 16, 3, 4, 2],
    [400, 3, 32, 32, 3, 1],
  ] as const
).map(([n, edge, filters, channels, k, stride]) => {
  const window = (edge - 1) * stride + k;
  const geometry = { inputSize: [window, window], strides: [stride, stride], padding: [0, 0, 0, 0] } as const;
  return timed(
    { kind: 'transposedConv2dNorms', rows: 1, ...geometry },
    [
      [n, edge, edge, filters],
      [k, k, channels, filters],
      [n, window, window, channels],
    ],
    (maps, kernel, weights) => transposedConv2dNorms(maps!, kernel!, weights!, geometry, 1),
  );
});

/** Examples, edge of the map of slopes, its channels, rows, channels in front; kernels of both convolutions and their strides. */
const slopeMaps = [
  [1, 14, 16, 32, 1, 4, 2, 4, 2],
  [16, 14, 16, 32, 1, 4, 2, 4, 2],
  [8, 16, 16, 32, 3, 4, 2, 4, 2],
  [8, 28, 32, 32, 1, 3, 1, 4, 2],
  [2, 6, 4, 4, 2, 3, 1, 3, 1],
] as const;

const normsOfSlopes = slopeMaps.map(([n, edge, filters, rows, channels, outer, outerStride, inner, innerStride]) => {
  const grid = Math.floor((edge + 2 - outer) / outerStride) + 1;
  const inputEdge = (outer - 1) * innerStride + inner;
  const [inputSize, strides, padding] = [
    [inputEdge, inputEdge],
    [innerStride, innerStride],
    [0, 0, 0, 0],
  ] as const;
  const windowsOf = {
    grid: [grid, grid],
    slopeStrides: [outerStride, outerStride],
    slopeOffset: [-1, -1],
    weightStrides: [outerStride * innerStride, outerStride * innerStride],
    weightOffset: [-innerStride - 1, -innerStride - 1],
  } as const;
  const edgeOfImage = edge * innerStride;
  return timed(
    { kind: 'slopeMapNorms', rows, inputSize, strides, padding, ...windowsOf },
    [
      [rows, outer, outer, filters],
      [n, edge, edge, filters],
      [inner, inner, channels, filters],
      [n, edgeOfImage, edgeOfImage, channels],
    ],
    (dual, slopes, kernel, weights) =>
      slopeMapNorms(dual!, slopes!, kernel!, weights!, { inputSize, strides, padding }, windowsOf),
  );
});

const estimates = ([10, 100, 1568] as const).flatMap(features =>
  [10, 50].map(k =>
    timed({ kind: 'cauchyScale', estimator: 'ml' }, [[8, k, features]], samples => cauchyScale(samples!, 'ml')),
  ),
);

const draws = [100, 10_000, 100_000].map(count =>
  timed({ kind: 'noise', distribution: 'cauchy', stream: 'x', shape: [count] }, [], () =>
    cauchyNoise([1, 2], 'x', [count]),
  ),
);

const views = maps.map(([n, h, w, c]) =>
  timed({ kind: 'reshape', shape: [n, h * w * c] }, [[n, h, w, c]], x => tf.reshape(x!, [n, h * w * c])),
);

/** What a loop adds to its turns: a tidy for each, and the copy of its results into one. */
const loops = [2, 8, 32].flatMap(chunks =>
  [10, 1000].map((size): TimedCase => {
    const shapes = Array.from({ length: chunks }, () => [8, size]);
    const joined: Run = (...parts) =>
      tf.concat(
        parts.map(part => tf.tidy(() => part)),
        1,
      );
    return { ...timed({ kind: 'concat', axis: 1 }, shapes, joined), standsFor: 'loop' };
  }),
);

export const timedCases: readonly TimedCase[] = [
  ...views,
  ...elementwise,
  ...reductions,
  ...copies,
  ...broadcasts,
  ...gathered,
  ...gatheredAt,
  ...rows,
  ...products,
  ...convolved,
  ...normsOfWindows,
  ...normsOfSlopes,
  ...estimates,
  ...draws,
  ...loops,
];

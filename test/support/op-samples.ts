/** For every operation a few small programs that use it, with the result as output `y`: a new operation needs a row here. */
import type { BinaryKind, OpKind, UnaryKind } from '../../compiler/5-program/tensor-program.ts';

const unary = (kind: UnaryKind): string[] => [`%0 = param "a" : [2, 3]\n%1 = ${kind}(%0) : [2, 3]\nout y = %1`];

/** The operand is positive. */
const unaryOfPositive = (kind: UnaryKind): string[] => [
  `%0 = param "a" : [2, 3]\n%1 = exp(%0) : [2, 3]\n%2 = ${kind}(%1) : [2, 3]\nout y = %2`,
];

/** Equal shapes, and every way to repeat an operand. The second is positive. */
const binary = (kind: BinaryKind): string[] =>
  [
    ['[2, 3]', '[2, 3]', '[2, 3]'],
    ['[2, 3]', '[3]', '[2, 3]'],
    ['[2, 1]', '[4, 2, 3]', '[4, 2, 3]'],
    ['[2, 1, 3]', '[1, 4, 1]', '[2, 4, 3]'],
  ].map(
    ([a, b, y]) =>
      `%0 = param "a" : ${a}\n%1 = param "b" : ${b}\n%2 = exp(%1) : ${b}\n%3 = ${kind}(%0, %2) : ${y}\nout y = %3`,
  );

const times = (source: string, shape: string): string =>
  `%0 = param "a" : [2, 3]\n%1 = ${source} : ${shape}\n%2 = mul(%0, %1) : [2, 3]\nout y = %2`;

const reduction = (kind: 'sum' | 'max'): string[] =>
  [
    ['[1]', false, '[2, 4]'],
    ['[0, 2]', true, '[1, 3, 1]'],
    ['[0, 1, 2]', false, '[]'],
  ].map(
    ([axes, keep, shape]) =>
      `%0 = param "a" : [2, 3, 4]\n%1 = ${kind}(%0) {axes: ${axes}, keepDims: ${keep}} : ${shape}\nout y = %1`,
  );

const product = (a: string, b: string, y: string, transposeA: boolean, transposeB: boolean): string =>
  `%0 = param "a" : ${a}\n%1 = param "b" : ${b}
   %2 = matMul(%0, %1) {transposeA: ${transposeA}, transposeB: ${transposeB}} : ${y}\nout y = %2`;

const uneven = 'strides: [2, 1], padding: [1, 0, 0, 2]';
const kernel = '%1 = param "b" : [3, 2, 2, 3]';

const chunked = `
  %0 = param "a" : [2, 3]
  %1 = param "b" : [4, 3]
  %2 = square(%1) : [4, 3]
  %3 = chunked {rows: 4, size: 2} : [2, 4] {
    %4 = chunkRows(%2) {axis: 0, size: 2} : [2, 3]
    %5 = unitRows {rows: 4, size: 2, shape: [4]} : [2, 4]
    %6 = matMul(%5, %1) {transposeA: false, transposeB: false} : [2, 3]
    %7 = mul(%4, %6) : [2, 3]
    %8 = matMul(%0, %7) {transposeA: false, transposeB: true} : [2, 2]
    result %8
  }
  out y = %3`;
/** Two results of each turn, one of them read twice. */
const severalChunks = `
  %0 = param "a" : [2, 3]
  %1 = param "b" : [4, 3]
  %3 = chunked {rows: 4, size: 2} : [] {
    %4 = chunkRows(%1) {axis: 0, size: 2} : [2, 3]
    %5 = square(%4) : [2, 3]
    %6 = matMul(%0, %4) {transposeA: false, transposeB: true} : [2, 2]
    %7 = matMul(%0, %5) {transposeA: false, transposeB: true} : [2, 2]
    result %6, %7
  }
  %8 = item(%3) {index: 0} : [2, 4]
  %9 = item(%3) {index: 1} : [2, 4]
  %10 = mul(%8, %9) : [2, 4]
  %11 = item(%3) {index: 0} : [2, 4]
  %12 = add(%10, %11) : [2, 4]
  out y = %12`;
/** Norms of the rows of `a` where `x` is above 0, as a loop of one result makes them: all of them, or none where one example has more than `atMost`. */
const whereAsked = (atMost: number, row: string): string => `
  %0 = input "x" : [b, 5]
  %1 = param "a" : [5, 3]
  %2 = step(%0) : [b, 5]
  %3 = sum(%0) {axes: [1], keepDims: true} : [b, 1]
  %4 = broadcast(%3) : [b, 3]
  %5 = chunkedWhere(%2) {rows: 5, size: 2, atMost: ${atMost}} : [b, 5] {
    %6 = chunkIndices {rows: 5, size: 2} : [2b]
    ${row}
    %10 = examplesAt(%4, %6) {rows: 5} : [2b, 3]
    %8 = rowNorms(%7, %10) {rows: 1} : [2b, 1]
    result %8
  }
  out y = %5`;
const pickedRows = '%7 = rowsAt(%1, %6) : [2b, 3]';
const identityRows = `%9 = unitRowsAt(%6) {rows: 5, shape: [5]} : [2b, 5]
    %7 = matMul(%9, %1) {transposeA: false, transposeB: false} : [2b, 3]`;
const severalWhereAsked = (atMost: number): string => `
  %0 = input "x" : [b, 5]
  %1 = param "a" : [5, 3]
  %2 = step(%0) : [b, 5]
  %3 = sum(%0) {axes: [1], keepDims: true} : [b, 1]
  %4 = broadcast(%3) : [b, 3]
  %5 = chunkedWhere(%2) {rows: 5, size: 1, atMost: ${atMost}} : [] {
    %6 = chunkIndices {rows: 5, size: 1} : [b]
    %7 = rowsAt(%1, %6) : [b, 3]
    %12 = examplesAt(%4, %6) {rows: 5} : [b, 3]
    %8 = rowNorms(%7, %12) {rows: 1} : [b, 1]
    %9 = exp(%8) : [b, 1]
    result %8, %9
  }
  %10 = item(%5) {index: 0} : [b, 5]
  %11 = item(%5) {index: 1} : [b, 5]
  %13 = sub(%10, %11) : [b, 5]
  out y = %13`;
const unlessAsked = (atMost: number): string => `
  %0 = input "x" : [b, 6]
  %1 = param "a" : [6, 3]
  %2 = step(%0) : [b, 6]
  %3 = sum(%0) {axes: [1], keepDims: true} : [b, 1]
  %4 = broadcast(%3) : [b, 3]
  %5 = chunkedUnless(%2) {rows: 6, size: 2, atMost: ${atMost}} : [b, 6] {
    %6 = chunkRows(%1) {axis: 0, size: 2} : [2, 3]
    %7 = rowNorms(%6, %4) {rows: 2} : [b, 2]
    result %7
  }
  out y = %5`;
const severalUnlessAsked = (atMost: number): string =>
  unlessAsked(atMost)
    .replace('} : [b, 6] {', '} : [] {')
    .replace('result %7', '%8 = exp(%7) : [b, 2]\nresult %7, %8')
    .replace(
      'out y = %5',
      '%9 = item(%5) {index: 0} : [b, 6]\n%10 = item(%5) {index: 1} : [b, 6]\n%11 = sub(%9, %10) : [b, 6]\nout y = %11',
    );
/** Windows of the positions of rows that are asked for, two rows to each position. */
const windowsAt = (geometry: string, size: string): string => `
  %0 = input "x" : [b, 3, 4, 2]
  %1 = param "a" : [1, ${size}, 2]
  %2 = reshape(%0) : [b, 24]
  %3 = slice(%2) {axis: 1, begin: 6, size: 12} : [b, 12]
  %4 = step(%3) : [b, 12]
  %5 = broadcast(%1) : [b, ${size}, 2]
  %6 = chunkedWhere(%4) {rows: 12, size: 3, atMost: 12} : [b, 12] {
    %7 = chunkIndices {rows: 12, size: 3} : [3b]
    %8 = windowsAt(%0, %7) {grid: [2, 3], ${geometry}, size: [${size}], rowsPerWindow: 2} : [3b, ${size}, 2]
    %10 = examplesAt(%5, %7) {rows: 12} : [3b, ${size}, 2]
    %9 = rowNorms(%8, %10) {rows: 1} : [3b, 1]
    result %9
  }
  out y = %6`;
const outlined = `
  %0 = param "a" : [2, 3]
  %1 = param "b" : [2, 3]
  %2 = mul(%0, %1) : [2, 3]
  %3 = outlined {consumed: [2], lent: []} : [] {
    %4 = exp(%2) : [2, 3]
    %5 = add(%4, %1) : [2, 3]
    %6 = sub(%4, %0) : [2, 3]
    result %5, %6
  }
  %7 = item(%3) {index: 0} : [2, 3]
  %8 = item(%3) {index: 1} : [2, 3]
  %9 = mul(%7, %8) : [2, 3]
  out y = %9`;
const summed = `
  %0 = param "a" : [4, 3]
  %1 = summedChunks {rows: 4, size: 2} : [] {
    %2 = chunkRows(%0) {axis: 0, size: 2} : [2, 3]
    %3 = square(%2) : [2, 3]
    result %2, %3
  }
  %4 = item(%1) {index: 1} : [2, 3]
  %5 = item(%1) {index: 0} : [2, 3]
  %6 = sub(%4, %5) : [2, 3]
  out y = %6`;

/** Of both signs, none near 0, where the geometric mean has a pole. */
const samples = `
  %0 = param "a" : [2, 7, 3]
  %1 = exp(%0) : [2, 7, 3]
  %2 = sign(%0) : [2, 7, 3]
  %3 = mul(%1, %2) : [2, 7, 3]`;
const estimators = ['ml', 'median', 'geometric'] as const;
/** Shared by all groups, and one of each group's own. */
const duals = ['[3, 2, 2]', '[12, 2, 2]'] as const;

export const opSamples = {
  input: [
    '%0 = input "x" : [b, 3]\n%1 = square(%0) : [b, 3]\nout y = %1',
    '%0 = input "epsilon" : []\n%1 = param "a" : [2]\n%2 = mul(%0, %1) : [2]\nout y = %2',
  ],
  param: ['%0 = param "a" : [2, 3]\n%1 = square(%0) : [2, 3]\nout y = %1'],
  constant: [times('constant -2.5', '[]')],
  vector: [times('vector [0.5, -3, 2]', '[3]')],
  batchSize: [times('batchSize', '[]')],
  noise: [times('noise "one" {distribution: cauchy}', '[2, 3]'), times('noise "two" {distribution: normal}', '[2, 3]')],
  unitRows: [
    times('unitRows {rows: 3, size: 3, shape: [3]}', '[3, 3]')
      .replace('[2, 3]', '[1, 3]')
      .replaceAll('mul(%0, %1) : [2, 3]', 'mul(%0, %1) : [3, 3]'),
  ],
  chunkRows: [chunked],
  chunkIndices: [whereAsked(5, pickedRows)],
  unitRowsAt: [whereAsked(5, identityRows)],
  examplesAt: [whereAsked(5, pickedRows)],
  rowsAt: [whereAsked(5, pickedRows)],
  neg: unary('neg'),
  abs: unary('abs'),
  relu: unary('relu'),
  step: unary('step'),
  sign: unary('sign'),
  sqrt: unaryOfPositive('sqrt'),
  square: unary('square'),
  exp: unary('exp'),
  log: unaryOfPositive('log'),
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  maximum: binary('maximum'),
  minimum: binary('minimum'),
  detach: ['%0 = param "a" : [2, 3]\n%1 = square(%0) : [2, 3]\n%2 = detach(%1) : [2, 3]\nout y = %2'],
  sum: reduction('sum'),
  max: reduction('max'),
  oneHot: [
    '%0 = input "labels" : [b]\n%1 = oneHot(%0) {depth: 4} : [b, 4]\n%2 = param "a" : [4]\n%3 = mul(%1, %2) : [b, 4]\nout y = %3',
  ],
  reshape: ['%0 = param "a" : [2, 6]\n%1 = reshape(%0) : [3, 4]\n%2 = square(%1) : [3, 4]\nout y = %2'],
  transpose: ['%0 = param "a" : [2, 3, 4]\n%1 = transpose(%0) {perm: [2, 0, 1]} : [4, 2, 3]\nout y = %1'],
  broadcast: [
    '%0 = param "a" : [3, 1]\n%1 = broadcast(%0) : [2, 3, 4]\nout y = %1',
    '%0 = input "epsilon" : []\n%1 = broadcast(%0) : [b, 2]\n%2 = param "a" : [2]\n%3 = mul(%1, %2) : [b, 2]\nout y = %3',
  ],
  matMul: [
    product('[2, 3]', '[3, 4]', '[2, 4]', false, false),
    product('[3, 2]', '[3, 4]', '[2, 4]', true, false),
    product('[2, 3]', '[4, 3]', '[2, 4]', false, true),
    product('[3, 2]', '[4, 3]', '[2, 4]', true, true),
    product('[2, 1]', '[1, 4]', '[2, 4]', false, false),
    product('[5, 2, 3]', '[5, 4, 3]', '[5, 2, 4]', false, true),
    product('[5, 1, 3]', '[5, 4, 1]', '[5, 3, 4]', true, true),
  ],
  conv2d: [`%0 = param "a" : [2, 5, 4, 2]\n${kernel}\n%2 = conv2d(%0, %1) {${uneven}} : [2, 2, 5, 3]\nout y = %2`],
  transposedConv2d: [
    `%0 = param "a" : [2, 2, 5, 3]\n${kernel}
     %2 = transposedConv2d(%0, %1) {inputSize: [5, 4], ${uneven}} : [2, 5, 4, 2]\nout y = %2`,
  ],
  transposedConv2dNorms: ['[6, 2, 5, 3]', '[3, 2, 5, 3]'].map(
    y => `%0 = param "a" : ${y}\n${kernel}\n%2 = param "c" : [2, 5, 4, 2]
     %3 = transposedConv2dNorms(%0, %1, %2) {rows: 3, inputSize: [5, 4], ${uneven}} : [2, 3]\nout y = %3`,
  ),
  slopeMapNorms: [
    // Windows that leave the maps on all sides, strides that differ, and a kernel that leaves entries unread.
    `%0 = param "a" : [3, 2, 3, 2]\n%1 = param "b" : [2, 5, 6, 2]\n%2 = param "k" : [3, 2, 2, 2]\n%3 = param "c" : [2, 9, 6, 2]
     %4 = slopeMapNorms(%0, %1, %2, %3) {rows: 3, inputSize: [5, 4], strides: [2, 1], padding: [0, 0, 0, 0], grid: [3, 4], slopeStrides: [2, 2], slopeOffset: [-1, -1], weightStrides: [4, 2], weightOffset: [-2, -1]} : [24, 3]\nout y = %4`,
    `%0 = param "a" : [3, 2, 2, 1]\n%1 = param "b" : [1, 4, 4, 1]\n%2 = param "k" : [4, 4, 1, 1]\n%3 = param "c" : [1, 8, 8, 1]
     %4 = slopeMapNorms(%0, %1, %2, %3) {rows: 3, inputSize: [6, 5], strides: [3, 2], padding: [1, 0, 0, 1], grid: [2, 1], slopeStrides: [3, 1], slopeOffset: [1, 2], weightStrides: [1, 1], weightOffset: [0, 3]} : [2, 3]\nout y = %4`,
  ],
  conv2dKernelGradient: [
    `%0 = param "a" : [2, 5, 4, 2]\n%1 = param "b" : [2, 2, 5, 3]
     %2 = conv2dKernelGradient(%0, %1) {kernelSize: [3, 2], ${uneven}} : [3, 2, 2, 3]\nout y = %2`,
  ],
  rowNorms: duals.map(
    dual =>
      `%0 = param "a" : ${dual}\n%1 = param "b" : [4, 2, 2]\n%2 = rowNorms(%0, %1) {rows: 3} : [4, 3]\nout y = %2`,
  ),
  rowNormsGradient: duals.map(
    dual =>
      `%0 = param "a" : ${dual}\n%1 = param "b" : [4, 2, 2]\n%2 = param "c" : [4, 3]
       %3 = rowNormsGradient(%0, %1, %2) {rows: 3} : ${dual}\nout y = %3`,
  ),
  rowNormsWeightGradient: duals.map(
    dual =>
      `%0 = param "a" : ${dual}\n%1 = param "b" : [4, 3]
       %2 = rowNormsWeightGradient(%0, %1) {rows: 3} : [4, 2, 2]\nout y = %2`,
  ),
  scaledRows: duals.map(
    dual =>
      `%0 = param "a" : ${dual}\n%1 = param "b" : [4, 2, 2]\n%2 = scaledRows(%0, %1) {rows: 3} : [12, 2, 2]\nout y = %2`,
  ),
  rowProducts: duals.map(
    dual =>
      `%0 = param "a" : [12, 2, 2]\n%1 = param "b" : ${dual}\n%2 = rowProducts(%0, %1) {rows: 3} : [4, 2, 2]\nout y = %2`,
  ),
  windows: [
    `%0 = param "a" : [2, 3, 4, 2]
     %1 = windows(%0) {grid: [2, 3], strides: [2, 1], offset: [-1, -1], size: [2, 3], rowsPerWindow: 2, count: 6} : [12, 2, 3, 2]
     out y = %1`,
  ],
  windowsAt: [
    windowsAt('strides: [1, 1], offset: [0, 0]', '2, 2'),
    windowsAt('strides: [2, 1], offset: [-1, -1]', '3, 3'),
    windowsAt('strides: [2, 4], offset: [-1, -5]', '2, 3'),
  ],
  concat: [
    '%0 = param "a" : [2, 3]\n%1 = param "b" : [2, 2]\n%2 = concat(%0, %1, %0) {axis: 1} : [2, 8]\nout y = %2',
    '%0 = param "a" : [2, 3]\n%1 = param "b" : [1, 3]\n%2 = concat(%0, %1) {axis: 0} : [3, 3]\nout y = %2',
    '%0 = param "a" : [2, 2, 3, 2]\n%1 = param "b" : [2, 2, 3, 1]\n%2 = concat(%0, %1) {axis: 3} : [2, 2, 3, 3]\nout y = %2',
    '%0 = input "x" : [b, 3]\n%1 = square(%0) : [b, 3]\n%2 = concat(%1, %0) {axis: 1} : [b, 6]\nout y = %2',
    '%0 = param "a" : [2, 3]\n%1 = concat(%0) {axis: 1} : [2, 3]\n%2 = square(%1) : [2, 3]\nout y = %2',
  ],
  slice: [
    '%0 = param "a" : [5]\n%1 = slice(%0) {axis: 0, begin: 1, size: 3} : [3]\nout y = %1',
    '%0 = param "a" : [4, 3]\n%1 = slice(%0) {axis: 0, begin: 0, size: 3} : [3, 3]\nout y = %1',
    '%0 = param "a" : [2, 4, 3]\n%1 = slice(%0) {axis: 1, begin: 2, size: 2} : [2, 2, 3]\nout y = %1',
    ...[0, 1, 2, 3].map(axis => {
      const shape = [2, 3, 4, 5].with(axis, 1);
      const options = `{axis: ${axis}, begin: 1, size: 1}`;
      return `%0 = param "a" : [2, 3, 4, 5]\n%1 = slice(%0) ${options} : [${shape.join(', ')}]\nout y = %1`;
    }),
    '%0 = input "x" : [b, 2, 3, 4]\n%1 = slice(%0) {axis: 3, begin: 1, size: 2} : [b, 2, 3, 2]\nout y = %1',
  ],
  pad: [
    '%0 = param "a" : [3]\n%1 = pad(%0) {before: [2], after: [1]} : [6]\nout y = %1',
    '%0 = input "x" : [b, 3]\n%1 = pad(%0) {before: [0, 2], after: [0, 0]} : [b, 5]\nout y = %1',
    '%0 = param "a" : [2, 1, 2]\n%1 = pad(%0) {before: [0, 1, 0], after: [1, 0, 2]} : [3, 2, 4]\nout y = %1',
    '%0 = param "a" : [2, 2, 3, 1]\n%1 = pad(%0) {before: [0, 1, 2, 0], after: [0, 0, 1, 0]} : [2, 3, 6, 1]\nout y = %1',
    '%0 = param "a" : [1, 2, 1, 2]\n%1 = pad(%0) {before: [1, 0, 2, 1], after: [0, 1, 0, 3]} : [2, 3, 3, 6]\nout y = %1',
  ],
  cauchyScale: estimators.map(
    estimator => `${samples}\n%4 = cauchyScale(%3) {estimator: ${estimator}} : [2, 3]\nout y = %4`,
  ),
  cauchyScaleGradient: estimators.map(
    estimator => `${samples}\n%4 = cauchyScale(%3) {estimator: ${estimator}} : [2, 3]
      %5 = param "c" : [2, 3]\n%6 = cauchyScaleGradient(%3, %4, %5) {estimator: ${estimator}} : [2, 7, 3]\nout y = %6`,
  ),
  geometricMeans: [1, 2].map(
    groups =>
      `%0 = param "a" : [2, 8, 3]\n%1 = exp(%0) : [2, 8, 3]\n%2 = geometricMeans(%1) {groups: ${groups}} : [2, 3]\nout y = %2`,
  ),
  chunked: [chunked, severalChunks],
  chunkedWhere: [
    whereAsked(5, pickedRows),
    whereAsked(2, pickedRows),
    whereAsked(0, pickedRows),
    severalWhereAsked(5),
    severalWhereAsked(0),
  ],
  chunkedUnless: [unlessAsked(0), unlessAsked(3), unlessAsked(6), severalUnlessAsked(0), severalUnlessAsked(6)],
  magnitudes: [0, 0.25].map(
    floor => `%0 = param "a" : [2, 3]\n%1 = magnitudes(%0) {floor: ${floor}} : [2, 3]\nout y = %1`,
  ),
  summedChunks: [summed],
  item: [summed, outlined],
  outlined: [outlined],
} satisfies Record<OpKind, readonly string[]>;

/** Loops over chunks of rows, and what stands in them or takes their results apart. */
import { found } from '../../shared/assert.ts';
import { array, entry, name, number, numberList, runtimeCall, tensorCall } from '../../shared/expression.ts';
import { printDims, sameDims } from '../dim.ts';
import { nothing } from '../memory-size.ts';
import type { Float64Tensor } from '../reference/float64-tensor.ts';
import type { Frame } from '../reference/frame.ts';
import { join, rowsFrom } from '../reference/rearrange.ts';
import type { OpOf } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkAxes, dimOf, fixedDim, noConditions, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

const loop = {
  arity: 0,
  attributes: { rows: named('number'), size: named('number'), block: 'block' },
  walk: null,
  declares: null,
  family: 'loop',
  macs: noMacs,
  workspace: () => nothing,
  elementwise: null,
  purity: 'pure',
  sharing: 'nowhere',
  inlined: 'nowhere',
  length: 1,
} as const;

export const loopRows: Rows<'chunkRows' | 'chunked' | 'summedChunks' | 'item'> = {
  chunkRows: {
    ...ordinary,
    ...cheap,
    arity: 1,
    attributes: { axis: named('number'), size: named('number') },
    check: (op, [x]) => checkAxes([op.axis], x),
    shape: (op, [x = []]) => x.map((size, axis) => (axis === op.axis ? op.size : size)),
    walk: (op, [x]) => ({ size: op.size, rows: fixedDim(x, op.axis), standsAlone: false }),
    family: 'copy',
    macs: noMacs,
    kernels: ['Slice'],
    workspace: () => nothing,
    evaluate: (op, [x], _shape, frame) => rowsFrom(x, op.axis, frame.start, op.size),
    elementwise: null,
    /** Rows go back to where they were cut from: `Eᵀ g` with the chunk's unit rows `E`. */
    gradient(b, instr, upstream) {
      const shape = b.shapeOf(operandOf(instr, 0));
      if (instr.op.axis !== 0 || shape.length !== 2) refuse('rows of a matrix only');
      const rows = fixedDim(shape, 0);
      const places = b.append({ kind: 'unitRows', rows, size: instr.op.size, shape: [rows] });
      return [b.matMul(places, upstream, { a: true })];
    },
    print: (op, [x = refuse('no operand')], { shape }) =>
      tensorCall(
        'slice',
        x,
        array(shape.map((_, axis) => (axis === op.axis ? name('start') : number(0)))),
        numberList(shape.map((_, axis) => (axis === op.axis ? op.size : -1))),
      ),
  },
  chunked: {
    ...loop,
    check(op) {
      if (op.block.results.length !== 1) refuse('chunked joins one result');
    },
    shape(op) {
      const rows = op.block.body.find(instr => instr.out === op.block.results[0])?.shape;
      return rows?.length === 2 && rows[1] === op.size
        ? [dimOf(rows, 0), op.rows]
        : refuse('a chunk that does not give [batch, size]');
    },
    structure: { kind: 'loop', results: 'joined' },
    kernels: ['Concat'],
    result: 'own',
    evaluate: (op, _operands, shape, frame) => join(chunksOf(op, frame).map(firstOf), 1, shape),
    gradient: 'byThePass',
    print: (op, _operands, at) =>
      runtimeCall(
        'chunkedRows',
        number(op.rows),
        number(op.size),
        at.block(([result]) => found(result, 'a result')),
      ),
  },
  summedChunks: {
    ...loop,
    check: noConditions,
    shape: () => [],
    structure: { kind: 'loop', results: 'summed' },
    kernels: ['Add', 'Identity'],
    result: 'own',
    evaluate: (op, _operands, _shape, frame) => ({ items: sumsOf(chunksOf(op, frame)) }),
    gradient: 'impossible',
    print: (op, _operands, at) => runtimeCall('summedChunks', number(op.rows), number(op.size), at.block(array)),
  },
  item: {
    ...ordinary,
    arity: 1,
    attributes: { index: named('number'), shape: 'resultShape' },
    check(op, _shapes, { operands: [chunks], shapeOf }) {
      if (chunks?.op.kind !== 'summedChunks' && chunks?.op.kind !== 'outlined')
        return refuse('item takes a summedChunks or an outlined apart, nothing else');
      const result = chunks.op.block.results[op.index] ?? refuse(`there is no result ${op.index}`);
      const shape = shapeOf(result);
      if (shape !== undefined && !sameDims(shape, op.shape))
        refuse(`result ${op.index} of the block has the shape ${printDims(shape)}`);
    },
    shape: op => op.shape,
    structure: { kind: 'part' },
    family: 'free',
    macs: noMacs,
    kernels: [],
    result: 'view',
    workspace: () => nothing,
    evaluate: (op, [chunks]) => found(chunks.items?.[op.index], `item ${op.index}`).data,
    elementwise: null,
    gradient: 'impossible',
    sharing: 'withinFunction',
    inlined: 'nowhere',
    print: (op, [chunks = refuse('no operand')]) => entry(chunks, number(op.index)),
  },
};

/** The results of each chunk. */
const chunksOf = (op: OpOf<'chunked' | 'summedChunks'>, frame: Frame): (readonly Float64Tensor[])[] =>
  Array.from({ length: op.rows / op.size }, (_, chunk) => frame.runBlock(op.block, chunk * op.size));

const firstOf = ([result]: readonly Float64Tensor[]): Float64Tensor => found(result, 'result of the chunk');

const sumsOf = (chunks: readonly (readonly Float64Tensor[])[]): readonly Float64Tensor[] =>
  chunks.reduce((sums, parts) =>
    sums.map(({ shape, data }, index) => {
      const part = found(parts[index], `result ${index}`);
      return { shape, data: data.map((entry, i) => entry + part.data[i]!) };
    }),
  );

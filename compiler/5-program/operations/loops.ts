/** Loops over chunks of rows, and what takes their results apart. */
import { assertNever, found } from '../../shared/assert.ts';
import {
  array,
  type Expression,
  entry,
  name,
  number,
  numberList,
  runtimeCall,
  tensorCall,
} from '../../shared/expression.ts';
import { batch, type ProgramShape, printDims, sameDims } from '../dim.ts';
import { nothing } from '../memory-size.ts';
import { type Float64Tensor, tensorOf } from '../reference/float64-tensor.ts';
import type { Frame } from '../reference/frame.ts';
import { join, rowsFrom } from '../reference/rearrange.ts';
import type { Block, OpOf } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkAxes, dimOf, fixedDim, noConditions, refuse } from './conditions.ts';
import type { Items, LoopResults, Rows } from './operation.ts';
import { cheap, loop, noMacs, ordinary } from './ordinary.ts';

const allTurns = ({ rows, size }: { readonly rows: number; readonly size: number }): number => rows / size;

export const loopRows: Rows<'chunkRows' | 'chunked' | 'summedChunks' | 'item'> = {
  chunkRows: {
    ...ordinary,
    ...cheap,
    arity: 1,
    attributes: { axis: named('number'), size: named('number') },
    check: (op, [x]) => checkAxes([op.axis], x),
    shape: (op, [x = []]) => x.map((size, axis) => (axis === op.axis ? op.size : size)),
    walk: (op, [x]) => ({ by: 'start', size: op.size, rows: fixedDim(x, op.axis), standsAlone: false }),
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
    arity: 0,
    attributes: { rows: named('number'), size: named('number'), block: 'block' },
    check: ({ block }) => checkResults(block),
    shape: op => shapeOfJoined(op, op.rows),
    structure: { kind: 'loop', results: 'joined', over: 'start', turns: allTurns },
    evaluate: (op, _operands, shape, frame) => joined(chunksOf(op, frame), shape),
    gradient: 'byThePass',
    print: ({ rows, size, block }, _operands, at) =>
      block.results.length === 1
        ? runtimeCall('chunkedRows', number(rows), number(size), at.block('start', firstOf))
        : runtimeCall('chunkedResults', number(rows), number(size), at.block('start', array)),
  },
  summedChunks: {
    ...loop,
    arity: 0,
    attributes: { rows: named('number'), size: named('number'), block: 'block' },
    check: noConditions,
    shape: () => [],
    structure: { kind: 'loop', results: 'summed', over: 'start', turns: allTurns },
    kernels: ['Add', 'Identity'],
    evaluate: (op, _operands, _shape, frame) => ({ items: sumsOf(chunksOf(op, frame)) }),
    gradient: 'impossible',
    print: (op, _operands, at) =>
      runtimeCall('summedChunks', number(op.rows), number(op.size), at.block('start', array)),
  },
  item: {
    ...ordinary,
    arity: 1,
    attributes: { index: named('number'), shape: 'resultShape' },
    check(op, _shapes, { operands: [chunks], shapeOf }) {
      const loop = chunks?.op;
      if (
        loop === undefined ||
        !('block' in loop) ||
        (loop.kind !== 'summedChunks' && loop.kind !== 'outlined' && loop.block.results.length < 2)
      )
        return refuse('item takes a loop of several results apart, or what is outlined, nothing else');
      const ofTurn = shapeOf(loop.block.results[op.index] ?? refuse(`there is no result ${op.index}`));
      const shape = ofTurn === undefined || loop.kind === 'outlined' ? ofTurn : wholeResult(loop, ofTurn);
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
    // To the result of the loop that it is.
    gradient: 'byThePass',
    sharing: 'withinFunction',
    inlined: 'nowhere',
    print: (op, [chunks = refuse('no operand')]) => entry(chunks, number(op.index)),
  },
};

export type Loop = OpOf<'chunked' | 'chunkedWhere' | 'chunkedUnless' | 'summedChunks'>;
type Chunks = readonly (readonly Float64Tensor[])[];

/** The results of each chunk. */
export const chunksOf = (op: Loop, frame: Frame): Chunks =>
  Array.from({ length: op.rows / op.size }, (_, chunk) =>
    frame.runBlock(op.block, { start: chunk * op.size, indices: [] }),
  );

export function checkResults({ results }: Block): void {
  if (results.length === 0) refuse('a loop that joins nothing');
}

/** What becomes of the result of a turn. */
export const wholeOf: Readonly<Record<LoopResults, (ofTurn: ProgramShape, rows: number) => ProgramShape>> = {
  joined: (ofTurn, rows) => ofTurn.with(-1, rows),
  placed: (_ofTurn, rows) => [batch, rows],
  summed: ofTurn => ofTurn,
};

function wholeResult(loop: Loop, ofTurn: ProgramShape): ProgramShape {
  switch (loop.kind) {
    case 'chunked':
    case 'chunkedUnless':
      return wholeOf.joined(ofTurn, loop.rows);
    case 'chunkedWhere':
      return wholeOf.placed(ofTurn, loop.rows);
    case 'summedChunks':
      return wholeOf.summed(ofTurn, loop.rows);
    default:
      return assertNever(loop);
  }
}

/** `[batch, rows]`, or nothing where several results are taken apart. */
export function shapeOfJoined({ size, block }: Loop, rows: number): ProgramShape {
  const shapes = block.results.map(result => block.body.find(instr => instr.out === result)?.shape);
  const leading = shapes.map(shape => (shape?.length === 2 && shape[1] === size ? dimOf(shape, 0) : null));
  const [first = null] = leading;
  if (first === null || leading.includes(null)) return refuse('a chunk that does not give [batch, size]');
  return leading.length === 1 ? [first, rows] : [];
}

export const firstOf = ([result]: readonly Expression[]): Expression => found(result, 'a result');

/** Chunks side by side: one tensor, or one for each of several results. */
export function joined(chunks: Chunks, shape: readonly number[]): Items | ArrayLike<number> {
  const results = found(chunks[0], 'a chunk').map((_, index) =>
    chunks.map(chunk => found(chunk[index], `result ${index}`)),
  );
  const [only, ...others] = results;
  if (only !== undefined && others.length === 0) return join(only, 1, shape);
  return {
    items: results.map(parts => {
      const whole = [
        found(parts[0]?.shape[0], 'a chunk'),
        parts.reduce((sum, part) => sum + found(part.shape[1], 'rows of a chunk'), 0),
      ];
      return tensorOf(whole, join(parts, 1, whole));
    }),
  };
}

const sumsOf = (chunks: Chunks): readonly Float64Tensor[] =>
  chunks.reduce((sums, parts) =>
    sums.map(({ shape, data }, index) => {
      const part = found(parts[index], `result ${index}`);
      return { shape, data: data.map((entry, i) => entry + part.data[i]!) };
    }),
  );

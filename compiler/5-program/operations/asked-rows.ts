/**
 * Loops over those rows of each example that are asked for, and what takes their place when those are too many: of the two one runs, and
 * which of them is known when the program runs.
 */
import { found } from '../../shared/assert.ts';
import { array, type Expression, number, object, runtimeCall } from '../../shared/expression.ts';
import { batch, type ProgramShape, timesDim } from '../dim.ts';
import { sizeOfTensor } from '../memory-size.ts';
import { type Float64Tensor, tensorOf } from '../reference/float64-tensor.ts';
import type { Frame } from '../reference/frame.ts';
import type { OpOf } from '../tensor-program.ts';
import { named } from './attributes.ts';
import { checkRank, fixedDim, refuse } from './conditions.ts';
import { checkResults, chunksOf, firstOf, joined, type Loop, shapeOfJoined } from './loops.ts';
import type { Items, Rows } from './operation.ts';
import { loop } from './ordinary.ts';

/** Loops that go by rows that are asked for, `[batch, rows]`. They prove; what trains takes all rows. */
const ofAsked = {
  arity: 1,
  attributes: { rows: named('number'), size: named('number'), atMost: named('number'), block: 'block' },
  check({ block, rows, size, atMost }: OpOf<'chunkedWhere' | 'chunkedUnless'>, [asked]: readonly ProgramShape[]): void {
    checkRank(asked, 2);
    if (fixedDim(asked, 1) !== rows) refuse(`${fixedDim(asked, 1)} rows to ask for, of ${rows}`);
    if (!(size >= 1 && size <= rows)) refuse(`${size} of ${rows} rows at a time`);
    if (!(atMost >= 0 && atMost <= rows)) refuse(`at most ${atMost} of ${rows} rows`);
    checkResults(block);
  },
  shape: (op: Loop) => shapeOfJoined(op, op.rows),
  gradient: 'impossible',
} as const;

/** Of a network that was trained; of one that was not, all rows are asked for, and the loop takes none. */
export const expectedShare: number = 1 / 8;
const expectedTurns = ({ rows, size, atMost }: OpOf<'chunkedWhere'>): number =>
  Math.ceil(Math.min(atMost, rows * expectedShare) / size);

export const askedRows: Rows<'chunkedWhere' | 'chunkedUnless'> = {
  chunkedWhere: {
    ...loop,
    ...ofAsked,
    structure: { kind: 'loop', results: 'joined', over: 'indices', turns: expectedTurns },
    // Lists of rows, and what the turns have found, are on the side of the program that runs the loop.
    workspace: ({ size }) => sizeOfTensor([timesDim(batch, size)]),
    evaluate(op, [asked], _shape, frame) {
      const lists = rowsAsked(asked);
      if (tooMany(op, lists)) return nothingFrom(op, frame);
      const turns = Math.ceil(Math.max(0, ...lists.map(list => list.length)) / op.size);
      const ofTurns = Array.from({ length: turns }, (_, turn) => {
        const places = lists.map(list => list.slice(turn * op.size, (turn + 1) * op.size));
        const filled = places.flatMap(list => Array.from({ length: op.size }, (_, i) => list[i] ?? 0));
        return { places, results: frame.runBlock(op.block, { start: 0, indices: filled }) };
      });
      const whole = op.block.results.map((_, index) => {
        const data = new Float64Array(lists.length * op.rows);
        for (const { places, results } of ofTurns)
          for (const [example, list] of places.entries())
            for (const [i, row] of list.entries())
              data[example * op.rows + row] = found(results[index], 'a result').data[example * op.size + i]!;
        return tensorOf([lists.length, op.rows], data);
      });
      return takenApart(whole);
    },
    print: (op, [asked = refuse('no operand')], at) =>
      op.block.results.length === 1
        ? runtimeCall('rowsWhere', asked, ...sizesOf(op), at.block('indices', firstOf))
        : runtimeCall('resultsWhere', asked, ...sizesOf(op), results(op), at.block('indices', array)),
  },
  chunkedUnless: {
    ...loop,
    ...ofAsked,
    structure: { kind: 'loop', results: 'joined', over: 'start', turns: () => 0 },
    evaluate: (op, [asked], shape, frame) =>
      tooMany(op, rowsAsked(asked)) ? joined(chunksOf(op, frame), shape) : nothingFrom(op, frame),
    print: (op, [asked = refuse('no operand')], at) =>
      op.block.results.length === 1
        ? runtimeCall('rowsUnless', asked, ...sizesOf(op), at.block('start', firstOf))
        : runtimeCall('resultsUnless', asked, ...sizesOf(op), results(op), at.block('start', array)),
  },
};

/** The rows that are asked for, by example. */
const rowsAsked = ({ shape, data }: Float64Tensor): number[][] =>
  Array.from({ length: found(shape[0], 'a batch') }, (_, example) => {
    const rows = found(shape[1], 'rows');
    return Array.from({ length: rows }, (_, row) => row).filter(row => data[example * rows + row]! > 0);
  });

const tooMany = ({ atMost }: { readonly atMost: number }, lists: readonly number[][]): boolean =>
  lists.some(list => list.length > atMost);

const nothingFrom = ({ block, rows }: Loop, { batchSize }: Frame): Items | ArrayLike<number> =>
  takenApart(block.results.map(() => tensorOf([batchSize, rows], new Float64Array(batchSize * rows))));

/** One tensor, or several that `item` takes apart. */
const takenApart = (results: readonly Float64Tensor[]): Items | ArrayLike<number> => {
  const [only, ...others] = results;
  return only !== undefined && others.length === 0 ? only.data : { items: results };
};

const sizesOf = ({ rows, size, atMost }: OpOf<'chunkedWhere' | 'chunkedUnless'>): Expression[] => [
  number(rows),
  object([
    ['size', number(size)],
    ['atMost', number(atMost)],
  ]),
];

const results = ({ block }: Loop): Expression => number(block.results.length);

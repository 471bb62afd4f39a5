/**
 * Loops over those rows that are asked for, of all examples together, and what takes their place when those are too many: of the two one runs, and
 * which of them is known when the program runs.
 */

import { found } from '../../shared/assert.ts';
import { expectedShare } from '../../shared/expected-share.ts';
import { array, type Expression, number, object, runtimeCall } from '../../shared/expression.ts';
import { batch, type ProgramShape, sameDims, timesDim } from '../dim.ts';
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
  gradient: 'impossible',
} as const;

const expectedTurns = ({ rows, size, atMost }: OpOf<'chunkedWhere'>): number =>
  Math.min(atMost, Math.ceil(rows * expectedShare)) / size;

export const askedRows: Rows<'chunkedWhere' | 'chunkedUnless'> = {
  chunkedWhere: {
    ...loop,
    ...ofAsked,
    shape: shapeOfPlaced,
    structure: { kind: 'loop', results: 'placed', over: 'indices', turns: expectedTurns },
    // The list of rows, and what the turns have found, are on the side of the program that runs the loop.
    workspace: ({ size }) => sizeOfTensor([timesDim(batch, size)]),
    evaluate(op, [asked], _shape, frame) {
      const list = rowsAsked(asked);
      if (tooMany(op, list, frame)) return nothingFrom(op, frame);
      const atOnce = op.size * frame.batchSize;
      const turns = Array.from({ length: Math.ceil(list.length / atOnce) }, (_, turn) => {
        const places = list.slice(turn * atOnce, (turn + 1) * atOnce);
        // Shapes are those of a whole turn; the last may hold fewer.
        const filled = Array.from({ length: atOnce }, (_, i) => places[i] ?? 0);
        return { places, results: frame.runBlock(op.block, { start: 0, indices: filled }) };
      });
      const whole = op.block.results.map((_, index) => {
        const data = new Float64Array(frame.batchSize * op.rows);
        for (const { places, results } of turns)
          for (const [i, place] of places.entries()) data[place] = found(results[index], 'a result').data[i]!;
        return tensorOf([frame.batchSize, op.rows], data);
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
    shape: op => shapeOfJoined(op, op.rows),
    structure: { kind: 'loop', results: 'joined', over: 'start', turns: () => 0 },
    evaluate: (op, [asked], shape, frame) =>
      tooMany(op, rowsAsked(asked), frame) ? joined(chunksOf(op, frame), shape) : nothingFrom(op, frame),
    print: (op, [asked = refuse('no operand')], at) =>
      op.block.results.length === 1
        ? runtimeCall('rowsUnless', asked, ...sizesOf(op), at.block('start', firstOf))
        : runtimeCall('resultsUnless', asked, ...sizesOf(op), results(op), at.block('start', array)),
  },
};

/** `[batch, rows]`, or nothing where several results are taken apart. */
function shapeOfPlaced({ rows, size, block }: OpOf<'chunkedWhere'>): ProgramShape {
  for (const result of block.results) {
    const shape = block.body.find(({ out }) => out === result)?.shape;
    if (shape === undefined || !sameDims(shape, [timesDim(batch, size), 1]))
      refuse('a turn that does not give [batch·size, 1]');
  }
  return block.results.length === 1 ? [batch, rows] : [];
}

/** The rows that are asked for, by their numbers among those of all examples. */
const rowsAsked = ({ data }: Float64Tensor): number[] => [...data.keys()].filter(place => data[place]! > 0);

const tooMany = ({ atMost }: { readonly atMost: number }, list: readonly number[], { batchSize }: Frame): boolean =>
  list.length > atMost * batchSize;

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

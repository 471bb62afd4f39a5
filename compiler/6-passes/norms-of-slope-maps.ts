/**
 * Where rows start alike at every position of a map, are scaled by windows of slopes, and end behind one more convolution, their norms are
 * convolutions of the map of slopes (`runtime/ops/slope-map-norms.ts`): no window is cut, no row is scaled.
 *
 * Needs:  SSA; nothing dead; norms of maps that are one operation.
 * Gives:  same outputs, up to the order of sums and products.
 * Order:  behind `norms-of-maps`, which makes one operation of the convolution and the norm.
 */
import type { Dim, ProgramShape } from '../5-program/dim.ts';
import { blockOf } from '../5-program/operands.ts';
import type { Instr, Op, OpOf, TensorProgram } from '../5-program/tensor-program.ts';
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Pass } from './pass.ts';
import { readersOf } from './readers.ts';

export const normsOfSlopeMaps: Pass = {
  name: 'norms-of-slope-maps',
  run(program: TensorProgram) {
    const facts: Facts = { readers: readersOf(program), definitions: new Map() };
    return { ...program, body: fused(program.body, facts) };
  },
};

interface Facts {
  readonly readers: ReadonlyMap<ValueId, number>;
  readonly definitions: Map<ValueId, Instr>;
}

function fused(body: readonly Instr[], facts: Facts): Instr[] {
  const gone = new Set<ValueId>();
  const here = new Set<ValueId>();
  const made = body.map((instr): Instr => {
    facts.definitions.set(instr.out, instr);
    here.add(instr.out);
    const block = blockOf(instr.op);
    if (block !== null) {
      const inner = { body: fused(block.body, facts), results: block.results };
      return { ...instr, op: { ...instr.op, block: inner } as Op };
    }
    const parts = instr.op.kind === 'transposedConv2dNorms' ? partsOf(instr, facts) : null;
    // What stands before a loop is computed once there, and stays.
    if (parts === null || !parts.between.every(value => here.has(value))) return instr;
    for (const value of parts.between) gone.add(value);
    return together(instr, parts);
  });
  return made.filter(({ out }) => !gone.has(out));
}

interface Parts {
  readonly dual: ValueId;
  readonly slopes: Windows;
  readonly weights: Windows;
  readonly kernel: ValueId;
  /** What nothing reads any more. */
  readonly between: readonly ValueId[];
}

interface Windows {
  readonly map: ValueId;
  readonly op: OpOf<'windows'>;
}

/** Null where the norm is none of all positions' rows at once, or where others read what would not be made. */
function partsOf({ op, args }: Instr, { readers, definitions }: Facts): Parts | null {
  const definition = (value: ValueId | undefined): Instr =>
    found(definitions.get(found(value, 'an operand')), 'a definition');
  const { rows } = op as OpOf<'transposedConv2dNorms'>;
  const scaled = definition(args[0]);
  const weights = definition(args[2]);
  if (scaled.op.kind !== 'scaledRows' || scaled.op.rows !== rows || weights.op.kind !== 'windows') return null;
  const dual = definition(scaled.args[0]);
  const slopes = definition(scaled.args[1]);
  if (slopes.op.kind !== 'windows' || dual.shape[0] !== rows) return null;
  const between = [scaled, slopes, weights];
  if (between.some(({ out }) => readers.get(out) !== 1)) return null;
  if (!isWhole(slopes.op) || !isWhole(weights.op) || !isSame(slopes.op.grid, weights.op.grid)) return null;
  if (!isSame(slopes.op.size, sizeOf(dual.shape))) return null;
  return {
    dual: dual.out,
    slopes: { map: found(slopes.args[0], 'a map'), op: slopes.op },
    weights: { map: found(weights.args[0], 'a map'), op: weights.op },
    kernel: found(args[1], 'a kernel'),
    between: between.map(({ out }) => out),
  };
}

const isWhole = ({ grid, count }: OpOf<'windows'>): boolean => count === grid[0] * grid[1];
const isSame = (a: readonly Dim[], b: readonly Dim[]): boolean => a.every((size, axis) => size === b[axis]);
const sizeOf = (shape: ProgramShape): readonly Dim[] => shape.slice(1, 3);

function together(norm: Instr, { dual, slopes, weights, kernel }: Parts): Instr {
  const { rows, inputSize, strides, padding } = norm.op as OpOf<'transposedConv2dNorms'>;
  return {
    ...norm,
    op: {
      kind: 'slopeMapNorms',
      rows,
      inputSize,
      strides,
      padding,
      grid: slopes.op.grid,
      slopeStrides: slopes.op.strides,
      slopeOffset: slopes.op.offset,
      weightStrides: weights.op.strides,
      weightOffset: weights.op.offset,
    },
    args: [dual, slopes.map, kernel, weights.map],
  };
}

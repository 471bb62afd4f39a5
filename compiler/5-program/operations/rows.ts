/** Rows of a dual and the values of their group. */
import { found } from '../../shared/assert.ts';
import { number, runtimeCall } from '../../shared/expression.ts';
import type { ProgramBuilder } from '../builder.ts';
import { countOf, type Dim, type ProgramShape, printDims, sameDims, timesDim } from '../dim.ts';
import { nothing, sizeOfTensor, times } from '../memory-size.ts';
import { rowNorms, rowNormsGradient, rowNormsWeightGradient, rowProducts, scaledRows } from '../reference/rows.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { dimOf, noConditions, refuse } from './conditions.ts';
import type { InstrOf, Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

const ofRows = {
  ...ordinary,
  ...cheap,
  arity: 2,
  attributes: { rows: named('number') },
  check: noConditions,
  family: 'rows',
  elementwise: null,
} as const;

export const rowRows: Rows<'rowNorms' | 'rowNormsGradient' | 'rowNormsWeightGradient' | 'scaledRows' | 'rowProducts'> =
  {
    rowNorms: {
      ...ofRows,
      shape(op, [dual = [], weights = []]) {
        checkRows(op, dual, weights);
        return [dimOf(weights, 0), op.rows];
      },
      // Every group meets every row, also where the rows are shared by the groups.
      macs: (op, [, weights = []]) => timesDim(countOf(weights), op.rows),
      kernels: ['Abs', 'Multiply', 'Sum', 'BatchMatMul', 'Transpose', 'Reshape'],
      // Magnitudes, and those of shared rows transposed.
      workspace: ({ rows }, [dual = []]) => times(dual[0] === rows ? 2 : 1, sizeOfTensor(dual)),
      evaluate: (op, [dual, weights], shape) => rowNorms(op.rows, dual, weights, shape),
      /** `⟨w, |ν|⟩`: to `ν` goes `sign(ν)·w` times its row's share, to `w` the `|ν|` of all rows, each times its share. */
      gradient(b, instr, upstream) {
        const { rows } = instr.op;
        const [dual, weights] = [operandOf(instr, 0), operandOf(instr, 1)];
        return [
          b.append({ kind: 'rowNormsGradient', rows }, [dual, weights, upstream]),
          b.append({ kind: 'rowNormsWeightGradient', rows }, [dual, upstream]),
        ];
      },
      print: (op, operands) => runtimeCall('rowNorms', ...operands, number(op.rows)),
    },
    rowNormsGradient: {
      ...ofRows,
      arity: 3,
      shape(op, [dual = [], weights = [], shares = []]) {
        checkRows(op, dual, weights);
        checkShares(op, shares, weights);
        return dual;
      },
      macs: (op, [, weights = []]) => timesDim(countOf(weights), op.rows),
      kernels: ['Sign', 'ClipByValue', 'Multiply', 'BatchMatMul', 'Transpose', 'Reshape'],
      // The signs, and the weights times the shares.
      workspace: (_op, [dual = []]) => times(2, sizeOfTensor(dual)),
      evaluate: (op, [dual, weights, shares]) => rowNormsGradient(op.rows, dual, weights, shares),
      gradient: 'impossible',
      print: (op, operands) => runtimeCall('rowNormsGradient', ...operands, number(op.rows)),
    },
    rowNormsWeightGradient: {
      ...ofRows,
      shape(op, [dual = [], shares = []]) {
        const grouped = [dimOf(shares, 0), ...dual.slice(1)];
        checkRows(op, dual, grouped);
        checkShares(op, shares, grouped);
        return grouped;
      },
      macs: (_op, [dual = [], shares = []]) => countOf([...shares, ...dual.slice(1)]),
      kernels: ['Abs', 'Multiply', 'Sum', 'BatchMatMul', 'Transpose', 'Reshape'],
      // Magnitudes, and their products.
      workspace: (_op, [dual = []]) => times(3, sizeOfTensor(dual)),
      evaluate: (op, [dual, shares]) => rowNormsWeightGradient(op.rows, dual, shares),
      gradient: 'impossible',
      print: (op, operands) => runtimeCall('rowNormsWeightGradient', ...operands, number(op.rows)),
    },
    scaledRows: {
      ...ofRows,
      shape(op, [dual = [], factors = []]) {
        checkRows(op, dual, factors);
        return [timesDim(dimOf(factors, 0), op.rows), ...factors.slice(1)];
      },
      macs: noMacs,
      kernels: ['Multiply', 'Reshape'],
      workspace: () => nothing,
      evaluate: (op, [dual, factors]) => scaledRows(op.rows, dual, factors),
      /** The adjoint scales by the same factors; a shared dual gets the sum over the groups. */
      gradient(b, instr, upstream) {
        const { rows } = instr.op;
        const [dual, factors] = [operandOf(instr, 0), operandOf(instr, 1)];
        const scaled = b.append({ kind: 'scaledRows', rows }, [upstream, factors]);
        const toFactors = b.append({ kind: 'rowProducts', rows }, [upstream, dual]);
        const { shared, groups, size } = grouped(b, instr);
        const toDual = shared
          ? b.reshape(b.sum(b.reshape(scaled, [groups, rows, size]), [0]), b.shapeOf(dual))
          : scaled;
        return [toDual, toFactors];
      },
      print: (op, operands) => runtimeCall('scaledRows', ...operands, number(op.rows)),
    },
    rowProducts: {
      ...ofRows,
      shape(op, [a = [], dual = []]) {
        const grouped = [perGroup(dimOf(a, 0), op.rows), ...a.slice(1)];
        checkRows(op, dual, grouped);
        return grouped;
      },
      macs: noMacs,
      kernels: ['Multiply', 'AvgPool', 'Sum', 'Reshape'],
      // The products, and what lays them out anew or adds them up.
      workspace: (_op, [dual = []]) => times(2, sizeOfTensor(dual)),
      evaluate: (op, [a, dual], shape) => rowProducts(op.rows, a, dual, shape),
      gradient: 'impossible',
      print: (op, operands) => runtimeCall('rowProducts', ...operands, number(op.rows)),
    },
  };

/** `groups`, from `groups · rows`. */
function perGroup(leading: Dim, rows: number): Dim {
  const factor = typeof leading === 'number' ? leading : Number(leading.slice(0, -1));
  if (factor % rows !== 0) refuse(`${leading} rows do not come in groups of ${rows}`);
  return typeof leading === 'number' ? factor / rows : `${factor / rows}b`;
}

/** A dual of `rows` rows, in groups or shared by them, and something with one entry per group and feature. */
export function checkRows(op: { readonly rows: number }, dual: ProgramShape, grouped: ProgramShape): void {
  const leading = dual[0];
  const fits = leading === op.rows || leading === timesDim(dimOf(grouped, 0), op.rows);
  if (!fits || !sameDims(dual.slice(1), grouped.slice(1)))
    refuse(`${op.rows} rows of ${printDims(dual)} with ${printDims(grouped)}`);
}

/** A share for each row of each group. */
function checkShares({ rows }: { readonly rows: number }, shares: ProgramShape, grouped: ProgramShape): void {
  if (!sameDims(shares, [dimOf(grouped, 0), rows]))
    refuse(`shares ${printDims(shares)} of ${rows} rows with ${printDims(grouped)}`);
}

/** How many groups and features there are, and whether the groups share the rows. */
function grouped(b: ProgramBuilder, instr: InstrOf<'scaledRows'>): { shared: boolean; size: number; groups: Dim } {
  const { rows } = instr.op;
  const [dual, values] = [operandOf(instr, 0), operandOf(instr, 1)];
  const shape = b.shapeOf(values);
  const size = shape.slice(1).reduce<number>((product, dim) => product * Number(dim), 1);
  const groups = found(shape[0], 'groups');
  const shared = b.shapeOf(dual)[0] === rows;
  return {
    shared,
    size,
    groups,
  };
}

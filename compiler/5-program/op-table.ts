/** One row per operation, and the questions that the rest of the compiler asks of it. The rows stand in `operations`, by family. */
import type { Expression } from '../shared/expression.ts';
import { countOf, type Dim, dimAt, type ProgramShape, shapeAt } from './dim.ts';
import type { MemorySize } from './memory-size.ts';
import { blockOf } from './operands.ts';
import { askedRows } from './operations/asked-rows.ts';
import { binaryRows } from './operations/binary.ts';
import { cauchyScaleRows } from './operations/cauchy-scale.ts';
import { convolutionRows } from './operations/convolutions.ts';
import { drawRows } from './operations/draws.ts';
import { geometricMeansRows } from './operations/geometric-means.ts';
import { loopRows, wholeOf } from './operations/loops.ts';
import { magnitudeRows } from './operations/magnitudes.ts';
import { matrixProductRows } from './operations/matrix-product.ts';
import type {
  ChunkedBy,
  Effort,
  Elementwise,
  LoopPrintContext,
  LoopResults,
  Operation,
  Rows,
  SourceForm,
  Surroundings,
  Walk,
} from './operations/operation.ts';
import { outlinedRows } from './operations/outlined.ts';
import { partRows } from './operations/parts.ts';
import { reductionRows } from './operations/reductions.ts';
import { rowRows } from './operations/rows.ts';
import { rowsAtRows } from './operations/rows-at.ts';
import { shapeRows } from './operations/shapes.ts';
import { slopeMapNormsRows } from './operations/slope-map-norms.ts';
import { sourceRows } from './operations/sources.ts';
import { transposedConv2dNormsRows } from './operations/transposed-conv2d-norms.ts';
import { unaryRows } from './operations/unary.ts';
import { unitVectorRows } from './operations/unit-vectors.ts';
import { windowRows } from './operations/windows.ts';
import type { Op, OpKind } from './tensor-program.ts';

export const opTable: Rows<OpKind> = {
  ...sourceRows,
  ...drawRows,
  ...unaryRows,
  ...binaryRows,
  ...reductionRows,
  ...shapeRows,
  ...partRows,
  ...unitVectorRows,
  ...matrixProductRows,
  ...convolutionRows,
  ...transposedConv2dNormsRows,
  ...slopeMapNormsRows,
  ...rowRows,
  ...windowRows,
  ...cauchyScaleRows,
  ...geometricMeansRows,
  ...loopRows,
  ...askedRows,
  ...magnitudeRows,
  ...rowsAtRows,
  ...outlinedRows,
};

/** The row of an operation, for any of them: what it takes is what `op` is. */
export const operationOf = (op: Op): Operation => opTable[op.kind] as unknown as Operation;

type Shapes = readonly ProgramShape[];

/** The shape of the result. @throws InternalError when the operands do not fit */
export const inferShape = (op: Op, operands: Shapes): ProgramShape => operationOf(op).shape(op as never, operands);

/** @throws InternalError that says what is wrong with the attributes or the operands, but not where */
export const checkOp = (op: Op, operands: Shapes, around: Surroundings): void =>
  operationOf(op).check(op as never, operands, around);

/** Multiply-adds of one instruction, without the body of a chunk loop. */
export const macsOf = (op: Op, operands: Shapes): Dim => operationOf(op).macs(op as never, operands);

/** What the time of one instruction goes by, for a batch of so many examples, without the body of a chunk loop. */
export function effortOf(op: Op, operands: Shapes, result: ProgramShape, examples: number): Effort {
  const { effort } = operationOf(op);
  if (typeof effort === 'function')
    return effort(
      op as never,
      operands.map(shape => shapeAt(shape, examples)),
    );
  const counted = effort === 'touched' ? [...operands, result] : [result];
  return {
    multiplyAdds: dimAt(macsOf(op, operands), examples),
    entries: Math.max(...counted.map(shape => dimAt(countOf(shape), examples))),
  };
}

/** What an instruction allocates while it runs, beyond its result. */
export const workspaceOf = (op: Op, operands: Shapes, result: ProgramShape): MemorySize =>
  operationOf(op).workspace(op as never, operands, result);

export const kernelsOf = (op: Op): readonly string[] => operationOf(op).kernels;
export const elementwiseOf = (op: Op): Elementwise | null => operationOf(op).elementwise;

/** How the rows of an operation follow the loop it stands in; null when they do not. */
export const walkOf = (op: Op, operands: Shapes): Walk | null => operationOf(op).walk?.(op as never, operands) ?? null;

/** Whether it goes by the turn of such a loop, null for none: all rows at once are the same in every turn that knows its rows by a list. */
export const followsLoop = ({ by, standsAlone }: Walk, loop: ChunkedBy | null): boolean =>
  !(standsAlone && loop !== by);

/** Values that are there before the program starts: they cost nothing and are printed where they are used. */
export const isSource = (op: Op): boolean => operationOf(op).structure.kind === 'source';

/** As what a source is written; null for what is computed. */
export function sourceForm(op: Op): SourceForm | null {
  const { structure } = operationOf(op);
  return structure.kind === 'source' ? structure.form(op as never) : null;
}

/** Whether the result is several tensors, which an `item` takes apart. */
export function isTuple(op: Op): boolean {
  const { structure } = operationOf(op);
  return (
    structure.kind === 'outlined' ||
    (structure.kind === 'loop' && (structure.results === 'summed' || (blockOf(op)?.results.length ?? 0) > 1))
  );
}

/** Whether the value is a number of JavaScript in the emitted code, when its operands are. */
export const isNumber = (op: Op, areOperandsNumbers: boolean): boolean =>
  sourceForm(op) === 'number' || (areOperandsNumbers && (elementwiseOf(op)?.operator ?? null) !== null);

export interface LoopOfRows {
  readonly results: LoopResults;
  readonly by: ChunkedBy;
  /** How often its block runs, and how many rows that are. */
  readonly turns: number;
  readonly rows: number;
}

/** How a loop runs; null for what is no loop. */
export function loopOf(op: Op): LoopOfRows | null {
  const { structure } = operationOf(op);
  if (structure.kind !== 'loop' || !('rows' in op)) return null;
  return { results: structure.results, by: structure.over, rows: op.rows, turns: structure.turns(op as never) };
}

/** The shapes that become of the results of a turn. */
export const loopResults = ({ results, rows }: LoopOfRows, ofTurn: Shapes): Shapes =>
  ofTurn.map(shape => wholeOf[results](shape, rows));

/** The expression that computes it. */
export const expressionOf = (op: Op, operands: readonly Expression[], at: LoopPrintContext): Expression =>
  operationOf(op).print(op as never, operands, at);

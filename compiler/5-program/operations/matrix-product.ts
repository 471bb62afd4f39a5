/** Products of matrices. */
import { runtimeCall, word } from '../../shared/expression.ts';
import { countOf, type Dim, type ProgramShape, printDims } from '../dim.ts';
import { nothing, sizeOfTensor, sum } from '../memory-size.ts';
import { matMul } from '../reference/matrix-product.ts';
import type { OpOf } from '../tensor-program.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { dimOf, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { costly, ordinary } from './ordinary.ts';

export const matrixProductRows: Rows<'matMul'> = {
  matMul: {
    ...ordinary,
    ...costly,
    arity: 2,
    attributes: { transposeA: named('boolean'), transposeB: named('boolean') },
    check(_op, [a = []]) {
      if (a.length !== 2 && a.length !== 3) refuse(`matMul of rank ${a.length}`);
    },
    shape: shapeOfProduct,
    family: 'matMul',
    macs: (op, operands) => countOf([...shapeOfProduct(op, operands), innerDim(op, operands)]),
    kernels: ['BatchMatMul', 'Transpose', 'Multiply', 'Reshape'],
    workspace: (op, [a = [], b = []]) =>
      sum(op.transposeA ? sizeOfTensor(a) : nothing, op.transposeB ? sizeOfTensor(b) : nothing),
    evaluate: (op, [a, b], shape) => matMul(op, a, b, shape),
    elementwise: null,
    gradient(b, instr, upstream) {
      const [x, y] = [operandOf(instr, 0), operandOf(instr, 1)];
      const { transposeA, transposeB } = instr.op;
      const first = transposeA
        ? b.matMul(y, upstream, { a: transposeB, b: true })
        : b.matMul(upstream, y, { b: !transposeB });
      const second = transposeB
        ? b.matMul(upstream, x, { a: true, b: transposeA })
        : b.matMul(x, upstream, { a: !transposeA });
      return [first, second];
    },
    print(op, operands) {
      const flags = op.transposeB ? [op.transposeA, true] : op.transposeA ? [true] : [];
      return runtimeCall('matMul', ...operands, ...flags.map(word));
    },
  },
};

function shapeOfProduct(op: OpOf<'matMul'>, [a = [], b = []]: readonly ProgramShape[]): ProgramShape {
  const rank = a.length;
  const [rowsA, innerA] = op.transposeA
    ? [dimOf(a, rank - 1), dimOf(a, rank - 2)]
    : [dimOf(a, rank - 2), dimOf(a, rank - 1)];
  const [innerB, columnsB] = op.transposeB
    ? [dimOf(b, rank - 1), dimOf(b, rank - 2)]
    : [dimOf(b, rank - 2), dimOf(b, rank - 1)];
  if (b.length !== rank || innerA !== innerB || (rank === 3 && a[0] !== b[0]))
    refuse(`matMul of ${printDims(a)} and ${printDims(b)}`);
  return rank === 3 ? [dimOf(a, 0), rowsA, columnsB] : [rowsA, columnsB];
}

const innerDim = (op: OpOf<'matMul'>, [a = []]: readonly ProgramShape[]): Dim =>
  dimOf(a, a.length - (op.transposeA ? 2 : 1));

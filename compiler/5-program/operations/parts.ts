/** Parts of a tensor along its axes, and tensors joined to one. */
import { array, number, numberList, tensorCall } from '../../shared/expression.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import { type ProgramShape, printDims, sameDims } from '../dim.ts';
import { nothing } from '../memory-size.ts';
import { join, pad, rowsFrom } from '../reference/rearrange.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkAxes, fixedDim, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

const moved = {
  ...ordinary,
  ...cheap,
  family: 'copy',
  macs: noMacs,
  workspace: () => nothing,
  elementwise: null,
} as const;

export const partRows: Rows<'concat' | 'slice' | 'pad'> = {
  concat: {
    ...moved,
    arity: 'oneOrMore',
    attributes: { axis: named('number') },
    check(op, operands) {
      const [first = []] = operands;
      checkAxes([op.axis], first);
      for (const other of operands)
        if (!sameDims(withDim(other, op.axis, 1), withDim(first, op.axis, 1)))
          refuse(`${printDims(first)} and ${printDims(other)} cannot be joined along axis ${op.axis}`);
    },
    shape(op, operands) {
      const size = operands.reduce((sum, shape) => sum + fixedDim(shape, op.axis), 0);
      return withDim(operands[0] ?? [], op.axis, size);
    },
    // One operand alone is cloned.
    kernels: ['Concat', 'Identity'],
    evaluate: (op, operands, shape) => join(operands, op.axis, shape),
    gradient(b, instr, upstream) {
      let begin = 0;
      return instr.args.map(operand => {
        const size = fixedDim(b.shapeOf(operand), instr.op.axis);
        const part = b.slice(upstream, instr.op.axis, begin, size);
        begin += size;
        return part;
      });
    },
    print: (op, operands) => tensorCall('concat', array(operands), number(op.axis)),
  },
  slice: {
    ...moved,
    arity: 1,
    attributes: { axis: named('number'), begin: named('number'), size: named('number') },
    check({ axis, begin, size }, [x = []]) {
      checkAxes([axis], x);
      const whole = Number.isInteger(begin) && begin >= 0 && Number.isInteger(size) && size >= 1;
      if (!whole || begin + size > fixedDim(x, axis))
        refuse(`axis ${axis} of ${printDims(x)} has no ${size} entries from ${begin} on`);
    },
    shape: (op, [x = []]) => withDim(x, op.axis, op.size),
    kernels: ['Slice'],
    evaluate: (op, [x]) => rowsFrom(x, op.axis, op.begin, op.size),
    gradient(b, instr, upstream) {
      const { axis, begin, size } = instr.op;
      const shape = b.shapeOf(operandOf(instr, 0));
      const along = (count: number): number[] => shape.map((_, other) => (other === axis ? count : 0));
      return [b.pad(upstream, along(begin), along(fixedDim(shape, axis) - begin - size))];
    },
    print: (op, [x = refuse('no operand')], { shape }) =>
      tensorCall(
        'slice',
        x,
        numberList(shape.map((_, axis) => (axis === op.axis ? op.begin : 0))),
        numberList(shape.map((_, axis) => (axis === op.axis ? op.size : -1))),
      ),
  },
  pad: {
    ...moved,
    arity: 1,
    attributes: { before: named('numbers'), after: named('numbers') },
    check({ before, after }, [x = []]) {
      const counts = (list: readonly number[]): boolean =>
        list.length === x.length && list.every(count => Number.isInteger(count) && count >= 0);
      if (x.length < 1 || x.length > 4 || !counts(before) || !counts(after))
        refuse(`[${before.join(', ')}] and [${after.join(', ')}] are not numbers of zeros around ${printDims(x)}`);
    },
    shape: ({ before, after }, [x = []]) =>
      x.map((size, axis) => {
        const added = (before[axis] ?? 0) + (after[axis] ?? 0);
        return added === 0 ? size : fixedDim(x, axis) + added;
      }),
    kernels: ['PadV2'],
    evaluate: (op, [x], shape) => pad(x, op.before, shape),
    gradient: (b, instr, upstream) => [cutFree(b, upstream, instr.op.before, b.shapeOf(operandOf(instr, 0)))],
    print: ({ before, after }, [x = refuse('no operand')]) =>
      tensorCall('pad', x, array(before.map((count, axis) => numberList([count, after[axis] ?? 0])))),
  },
};

const withDim = (shape: ProgramShape, axis: number, size: number): ProgramShape =>
  shape.map((dim, other) => (other === axis ? size : dim));

/** What lies in a padded tensor where the `shape` was. */
function cutFree(b: ProgramBuilder, padded: ValueId, before: readonly number[], shape: ProgramShape): ValueId {
  return before.reduce<ValueId>((value, begin, axis) => {
    const isPadded = b.shapeOf(value)[axis] !== shape[axis];
    return isPadded ? b.slice(value, axis, begin, fixedDim(shape, axis)) : value;
  }, padded);
}

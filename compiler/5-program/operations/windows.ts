/** Windows of maps. */

import type { Pair, WindowView } from '../../3-dual/dual.ts';
import { found } from '../../shared/assert.ts';
import { binary, type Expression, name, number, numberList, object, runtimeCall } from '../../shared/expression.ts';
import { type ProgramShape, timesDim } from '../dim.ts';
import { type MemorySize, numbers, sizeOfTensor, sum } from '../memory-size.ts';
import { windows } from '../reference/windows.ts';
import type { OpOf } from '../tensor-program.ts';
import { named } from './attributes.ts';
import { checkRank, dimOf, refuse } from './conditions.ts';
import type { Effort, Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

export const windowRows: Rows<'windows'> = {
  windows: {
    ...ordinary,
    ...cheap,
    arity: 1,
    attributes: {
      grid: named('numbers'),
      strides: named('numbers'),
      offset: named('numbers'),
      size: named('numbers'),
      rowsPerWindow: named('number'),
      count: named('number'),
    },
    check: (_op, [x]) => checkRank(x, 4),
    shape: (op, [x]) => [timesDim(dimOf(x, 0), op.count), ...op.size, dimOf(x, 3)],
    walk: op => ({
      by: 'start',
      size: op.count * op.rowsPerWindow,
      rows: positionsOf(op) * op.rowsPerWindow,
      standsAlone: op.count === positionsOf(op),
    }),
    family: 'gather',
    effort: (op, [[examples = 0, , , channels = 0] = []]) => effortOfWindows(op, examples * op.count, channels),
    macs: noMacs,
    kernels: ['PadV2', 'GatherV2', 'Reshape'],
    workspace: ofPaddedMap,
    evaluate: (op, [x], shape, frame) => windows(op, x, shape, frame.start / op.rowsPerWindow),
    elementwise: null,
    gradient: 'impossible',
    print: (op, [x = refuse('no operand')]) =>
      runtimeCall(
        'windows',
        x,
        printedWindow(op),
        op.count === positionsOf(op) ? number(0) : binary('/', name('start'), number(op.rowsPerWindow)),
        number(op.count),
      ),
  },
};

/** Numbers that take as long to copy as it takes to find where a stretch of them lies. */
const perStretch = 32;

/** So many windows. Each row of one lies in one piece. */
export const effortOfWindows = ({ size }: Pick<WindowView, 'size'>, windows: number, channels: number): Effort => ({
  multiplyAdds: 0,
  entries: windows * size[0] * (size[1] * channels + perStretch),
});

/** Where the windows lie, as one argument. */
export const printedWindow = ({ grid, strides, offset, size }: WindowView & { readonly grid: Pair }): Expression =>
  object(Object.entries({ grid, strides, offset, size }).map(([key, value]) => [key, numberList(value)]));

const positionsOf = ({ grid }: OpOf<'windows'>): number => grid[0] * grid[1];

/** The map with its padding, and where in it each entry of a window lies. */
function ofPaddedMap(op: OpOf<'windows'>, [x = []]: readonly ProgramShape[]): MemorySize {
  return sum(sizeOfTensor(paddedMap(op, x)), numbers(op.count * op.size[0] * op.size[1]));
}

/** The map with zeros around, so far that no window leaves it. */
export function paddedMap(op: WindowView & { readonly grid: Pair }, x: ProgramShape): ProgramShape {
  const [n = 1, height, width, channels = 1] = x;
  const padded = [height, width].map((size, axis) => {
    const [grid, stride, offset, window] = [op.grid[axis], op.strides[axis], op.offset[axis], op.size[axis]];
    const last = (found(grid, 'grid') - 1) * found(stride, 'stride') + found(offset, 'offset') + found(window, 'size');
    return Number(size) + Math.max(0, -found(offset, 'offset')) + Math.max(0, last - Number(size));
  });
  return [n, ...padded, channels];
}

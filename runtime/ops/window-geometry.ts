/** Windows through layers: what rows that live on windows of a map need to know of the layers that they walk back through. */
import type { LayerGeometry, Pair } from './conv2d.ts';
import type { WindowsOfMap } from './windows.ts';

const along = (change: (axis: 0 | 1) => number): Pair => [change(0), change(1)];

/** The windows of a layer's input that given windows of its output depend on. */
export const windowBehind = (
  { grid, strides, offset, size }: WindowsOfMap,
  { strides: steps, padding: [top, , left], kernelSize }: Omit<LayerGeometry, 'inputSize'>,
): WindowsOfMap => ({
  grid,
  strides: along(axis => strides[axis] * steps[axis]),
  offset: along(axis => offset[axis] * steps[axis] - [top, left][axis]!),
  size: along(axis => (size[axis] - 1) * steps[axis] + kernelSize[axis]),
});

/** The layer between windows, those of its input of that size: they hold all that it reads, so that nothing is padded. */
export const onWindow = (
  { strides }: Pick<LayerGeometry, 'strides'>,
  inputSize: Pair,
): Omit<LayerGeometry, 'kernelSize'> => ({ strides, padding: [0, 0, 0, 0], inputSize });

/** Paddings as four numbers, and how many positions a kernel has. */

/** Rows and columns added on each side of a map. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** A convolution along both axes: height, then width. */
export interface Windows {
  readonly input: readonly [number, number];
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
}

/** Rows and columns of the input with its padding. */
export function paddedSize(input: readonly [number, number], padding: Padding): readonly [number, number] {
  return [input[0] + padding.top + padding.bottom, input[1] + padding.left + padding.right];
}

/** Positions of the kernel in the padded input, per axis: `floor((padded − kernel) / stride) + 1`; none when the kernel does not fit. */
export function windowCounts({ input, kernelSize, strides }: Windows, padding: Padding): readonly [number, number] {
  const padded = paddedSize(input, padding);
  const count = (axis: 0 | 1): number => Math.max(0, Math.floor((padded[axis] - kernelSize[axis]) / strides[axis]) + 1);
  return [count(0), count(1)];
}

/**
 * The four numbers behind `padding: 'same'`, by TensorFlow's rule: as many outputs as `ceil(size / stride)`, the padding that this needs
 * split in halves, and the odd one at the bottom or on the right.
 */
export function samePadding({ input, kernelSize, strides }: Windows): Padding {
  const split = (axis: 0 | 1): readonly [number, number] => {
    const outputs = Math.ceil(input[axis] / strides[axis]);
    const total = Math.max(0, (outputs - 1) * strides[axis] + kernelSize[axis] - input[axis]);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  const [top, bottom] = split(0);
  const [left, right] = split(1);
  return { top, bottom, left, right };
}

export const noPadding: Padding = { top: 0, bottom: 0, left: 0, right: 0 };

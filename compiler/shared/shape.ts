/** The size of one example's tensor, batch not included, channels last: `[height, width, channels]` or `[units]`. */
export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((product, dim) => product * dim, 1);

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((dim, axis) => dim === b[axis]);

export const printShape = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

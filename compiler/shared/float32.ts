/** Which numbers of a file or a command line survive computation in float32. */

export const largestFloat32: number = (2 - 2 ** -23) * 2 ** 127;
/** Below it float32 keeps fewer digits, or, where a backend flushes to zero, none. */
export const smallestFloat32: number = 2 ** -126;

/** Whether float32 holds a number, or its nearest neighbour, as zero or with all its digits. */
export function isFloat32(value: number): boolean {
  const size = Math.abs(Math.fround(value));
  return value === 0 || (size >= smallestFloat32 && size <= largestFloat32);
}

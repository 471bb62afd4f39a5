/** How much memory there is, for `dualc doctor`. */
import os from 'node:os';

export interface MachineMemory {
  readonly totalBytes: number;
  /** What a new program can have without the system moving others out. */
  readonly availableBytes: number;
  /** What a container allows its programs together; null where there is no such limit, or one beyond the machine. */
  readonly containerBytes: number | null;
}

export function machineMemory(
  total: number = os.totalmem(),
  available: number = os.freemem(),
  constrained: number = process.constrainedMemory(),
): MachineMemory {
  const isLimit = constrained > 0 && constrained < total;
  return {
    totalBytes: total,
    availableBytes: isLimit ? Math.min(available, constrained) : available,
    containerBytes: isLimit ? constrained : null,
  };
}

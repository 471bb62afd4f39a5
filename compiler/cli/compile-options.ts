/** The flags that `compile` and `explain` share, and the options they stand for. */
import type { CompileOptions } from '../options.ts';

export interface ScheduleFlags {
  readonly bounds?: string | undefined;
  readonly projections: number;
  readonly estimator: 'ml' | 'median' | 'geometric';
  readonly memory: number;
  readonly batch?: number | undefined;
}

/** Throws `BoundsRequestError` when `--bounds` does not read. */
export async function scheduleOptions(flags: ScheduleFlags): Promise<Partial<CompileOptions>> {
  const { parseBoundsRequest } = await import('../4-schedule/bounds-request.ts');
  return {
    requests: parseBoundsRequest(flags.bounds ?? ''),
    projections: flags.projections,
    estimator: flags.estimator,
    memoryBytes: flags.memory,
    ...(flags.batch === undefined ? {} : { certifyBatch: flags.batch, trainBatch: flags.batch }),
  };
}

/** The flags of a run that change what is emitted, for the header: the command that makes the module again. */
export function commandLine(architecture: string, flags: ScheduleFlags, given: readonly string[]): string {
  const values: Record<string, string | number | undefined> = { ...flags };
  const name = architecture.slice(architecture.lastIndexOf('/') + 1);
  const shown = given.filter(flag => flag in values).map(flag => `--${flag} ${values[flag]}`);
  return ['dualc compile', name, ...shown].join(' ');
}

/** The flags that `compile` and `explain` share, and the options they stand for. */
import { basename } from 'node:path';
import type { Settings } from '../1-frontend/apply-settings.ts';
import type { CompileOptions } from '../options.ts';
import { type ProbabilityFlags, probabilitySizes } from './probability-options.ts';

/** What `--print` shows. */
export const printedForms = ['graph', 'dual', 'plan', 'program', 'module'] as const;
export type PrintedForm = (typeof printedForms)[number];

export interface ScheduleFlags {
  readonly bounds?: string | undefined;
  readonly projections: number;
  readonly estimator: 'ml' | 'median' | 'geometric';
  readonly probability?: number | undefined;
  readonly certifyProjections?: number | undefined;
  readonly certifyEstimators?: number | undefined;
  readonly memory: number;
  readonly batch?: number | undefined;
  readonly rates: string;
  readonly set?: Settings | undefined;
}

/** Throws `BoundsRequestError` when `--bounds` does not read, `InputError` when there are no such `--rates`. */
export async function scheduleOptions(flags: ScheduleFlags): Promise<Partial<CompileOptions>> {
  const { parseBoundsRequest } = await import('../4-schedule/bounds-request.ts');
  const { ratesFor } = await import('./rates/rates-option.ts');
  return {
    requests: parseBoundsRequest(flags.bounds ?? ''),
    projections: flags.projections,
    estimator: flags.estimator,
    probability: probabilitySizes(ofCertificates(flags), certificateFlags) ?? null,
    memoryBytes: flags.memory,
    rates: ratesFor(flags.rates),
    ...(flags.batch === undefined ? {} : { certifyBatch: flags.batch, trainBatch: flags.batch }),
  };
}

const certificateFlags = { projections: '--certify-projections', estimators: '--certify-estimators' };

const ofCertificates = ({ probability, certifyProjections, certifyEstimators }: ScheduleFlags): ProbabilityFlags => ({
  probability,
  projections: certifyProjections,
  estimators: certifyEstimators,
});

/** Flags that change what is emitted; where it is written, and what is said about it, does not. */
const decisive = {
  emit: 'emit',
  bounds: 'bounds',
  projections: 'projections',
  estimator: 'estimator',
  probability: 'probability',
  certifyProjections: 'certify-projections',
  certifyEstimators: 'certify-estimators',
  memory: 'memory',
  batch: 'batch',
  rates: 'rates',
} as const;

/** For the header: the command that makes the module again, in the folder of the architecture. `given` are the flags of this run. */
export function commandLine(
  architecture: string,
  flags: ScheduleFlags & { readonly emit: 'ts' | 'js' },
  given: readonly string[],
): string {
  const name = shellWord(basename(architecture));
  const shown = (Object.keys(decisive) as (keyof typeof decisive)[])
    .filter(flag => given.includes(flag))
    .map(
      flag =>
        `--${decisive[flag]} ${flag === 'rates' ? shellWord(flags.rates) : String(flags[flag]).replaceAll(/\s/g, '')}`,
    );
  const set = Object.entries(flags.set ?? {}).map(([constant, value]) => `--set ${shellWord(`${constant}=${value}`)}`);
  return ['dualc compile', name, ...set, ...shown].join(' ');
}

/** A name of a file as one types it: people copy the command from the header. */
function shellWord(name: string): string {
  if (/^[\w@%+=:,.][\w@%+=:,.-]*$/.test(name)) return name;
  return `'${(name.startsWith('-') ? `./${name}` : name).replaceAll("'", "'\\''")}'`;
}

/** `certify --claim` and `--check-claim`: a figure that is kept with its run, and found again. */
import type { Claim } from '../../runtime/checkpoint/claim.ts';
import { InputError } from '../../runtime/errors.ts';
import type { Rate } from '../../runtime/statistics/rate.ts';
import { version } from '../version.ts';
import type { Subject, SubjectOptions } from './evaluation-subject.ts';
import { sayResult } from './say.ts';
import { UsageError } from './usage-error.ts';

export interface ClaimFlags extends Omit<SubjectOptions, 'probability'> {
  readonly claim?: true | undefined;
  readonly checkClaim?: true | undefined;
}

/** What the run decides, and what does not always hold: no part of a claim. */
const outside: readonly string[] = ['inputs', 'probability', 'weights', 'set', 'cascadeRule', 'thresholds'];
/** What a claim says by itself. */
const said: readonly string[] = ['data', 'split', 'limit', 'epsilon', 'norm', 'box', 'bounds', 'claim'];

/** The flags as they are, or, to check a claim, as it was made. Raises `UsageError` for flags that contradict that. */
export async function flagsOfClaim<Flags extends ClaimFlags>(
  flags: Flags,
  given: readonly string[],
): Promise<{ readonly flags: Flags; readonly claimed: Claim | null }> {
  if (flags.claim !== true && flags.checkClaim !== true) return { flags, claimed: null };
  const asked = flags.checkClaim === true ? '--check-claim' : '--claim';
  const { run } = flags;
  if (run === undefined) throw new UsageError(`${asked} needs --run: a claim is kept in the folder of its run`);
  const bad = given.find(name => outside.includes(name) || (flags.checkClaim === true && said.includes(name)));
  if (bad !== undefined) {
    const option = `--${bad.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
    throw new UsageError(
      flags.checkClaim === true
        ? `--check-claim finds a figure again as it was found: leave ${option} out`
        : `--claim is of what the run trained, on a dataset, by bounds that always hold: leave ${option} out`,
    );
  }
  if (flags.checkClaim !== true) return { flags, claimed: null };
  const { readClaim } = await import('../../runtime/checkpoint/claim.ts');
  const claimed = await readClaim(run);
  const { data, split, examples: limit, epsilon, norm } = claimed;
  const box = claimed.box === null ? (false as const) : ([claimed.box[0], claimed.box[1]] as [number, number]);
  const bounds = claimed.bounds === '' ? {} : { bounds: claimed.bounds };
  const ball = norm === 'l2' ? { box: false as const } : { box };
  return { flags: { ...flags, data, split, limit, epsilon, norm, ...ball, ...bounds }, claimed };
}

/** What was found of a subject. */
export interface Found {
  readonly standard: Rate;
  readonly robust: Rate;
}

export async function keepClaim(subject: Subject, flags: ClaimFlags, { standard, robust }: Found): Promise<void> {
  const { claimFile, writeClaim } = await import('../../runtime/checkpoint/claim.ts');
  const { hashExamples } = await import('../../runtime/data/hash-data.ts');
  const { meta } = subject.model;
  const run = flags.run ?? '';
  await writeClaim(run, {
    schemaVersion: 1,
    dualc: version,
    data: subject.data ?? '',
    split: flags.split,
    examples: subject.examples.labels.length,
    dataHash: hashExamples(subject.examples),
    sourceHash: meta.sourceHash,
    weights: await weightHashes(subject),
    epsilon: subject.epsilon,
    norm: meta.ball.norm,
    box: meta.ball.box,
    bounds: flags.bounds ?? '',
    backend: subject.backend,
    standardErrors: standard.count,
    robustErrors: robust.count,
  });
  sayResult(`claimed: ${claimFile(run)}`);
}

/** Raises `InputError` before anything is certified, when the claim is of something else. */
export async function requireClaimed(subject: Subject, claimed: Claim): Promise<void> {
  const { hashExamples } = await import('../../runtime/data/hash-data.ts');
  const differs = (what: string): InputError =>
    new InputError(`the claim cannot be checked: ${what} than those it was made for`);
  if (subject.model.meta.sourceHash !== claimed.sourceHash) throw differs('the layers are others');
  if (String(await weightHashes(subject)) !== String(claimed.weights)) throw differs('the weights are others');
  if (hashExamples(subject.examples) !== claimed.dataHash) {
    throw differs(`the first ${claimed.examples} examples of ${claimed.data} (${claimed.split}) are others`);
  }
}

/** Says whether the claim holds, and sets the exit code where it does not. */
export function judgeClaim(claimed: Claim, { standard, robust }: Found): void {
  const told = (errors: number): string => `${errors} of ${claimed.examples}`;
  const holds = robust.count <= claimed.robustErrors && standard.count <= claimed.standardErrors;
  sayResult(
    `claimed: ${told(claimed.standardErrors)} misclassified, ${told(claimed.robustErrors)} not certified; ` +
      `found: ${standard.count} and ${robust.count}. ${holds ? 'The claim holds' : 'The claim does not hold'}`,
  );
  if (!holds) process.exitCode = 1;
}

async function weightHashes({ weightFiles }: Subject): Promise<string[]> {
  const { hashFile } = await import('../../runtime/files/hash-file.ts');
  const hashes: string[] = [];
  for (const file of weightFiles) hashes.push((await hashFile(file)).sha256);
  return hashes;
}

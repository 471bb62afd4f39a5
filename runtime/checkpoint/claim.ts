/** A figure that a run claims, with all that is needed to find it again: `claim.json` in its folder. */
import path from 'node:path';
import * as v from 'valibot';
import { wholeNumber } from '../border/argument-schemas.ts';
import { InputError } from '../errors.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { readText } from '../files/read-file.ts';
import { writeWholeFile } from '../files/write-file.ts';

export interface Claim {
  readonly schemaVersion: 1;
  /** Version of the compiler that found it. */
  readonly dualc: string;
  /** Of which examples: as in `--data`, `--split` and `--limit`. */
  readonly data: string;
  readonly split: 'train' | 'test';
  readonly examples: number;
  /** SHA-256 of their values and labels. */
  readonly dataHash: string;
  /** SHA-256 of the network: `meta.sourceHash`. */
  readonly sourceHash: string;
  /** SHA-256 of the files of weights, in the order of the stages. */
  readonly weights: readonly string[];
  readonly epsilon: number;
  readonly norm: 'linf' | 'l2';
  readonly box: readonly [number, number] | null;
  /** As in `--bounds`; empty for the cheapest exact ones, or those of the cascade. */
  readonly bounds: string;
  readonly backend: string;
  /** Examples that are misclassified, and that are not certified (of a cascade: not guaranteed). */
  readonly standardErrors: number;
  readonly robustErrors: number;
}

const schema: v.GenericSchema<unknown, Claim> = v.object({
  schemaVersion: v.literal(1),
  dualc: v.string(),
  data: v.string(),
  split: v.picklist(['train', 'test']),
  examples: wholeNumber(1),
  dataHash: v.string(),
  sourceHash: v.string(),
  weights: v.pipe(v.array(v.string()), v.minLength(1)),
  epsilon: v.pipe(v.number(), v.gtValue(0)),
  norm: v.picklist(['linf', 'l2']),
  box: v.nullable(v.tuple([v.number(), v.number()])),
  bounds: v.string(),
  backend: v.string(),
  standardErrors: wholeNumber(0),
  robustErrors: wholeNumber(0),
});

export const claimFile = (run: string): string => path.join(run, 'claim.json');

export const writeClaim = (run: string, claim: Claim): Promise<void> =>
  writeWholeFile(claimFile(run), `${JSON.stringify(claim, null, 2)}\n`);

/** Raises `InputError` when the run claims nothing, or what it claims cannot be read. */
export async function readClaim(run: string): Promise<Claim> {
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), schema),
    readText(claimFile(run), fileKinds.runDescription),
  );
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new InputError(
    `${claimFile(run)} is no claim of this version of dualc: ${[v.getDotPath(issue), issue.message].filter(Boolean).join(': ')}`,
  );
}

/** The folder of a cascade: a manifest, and a run folder for each stage. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { nonNegative, oneOf, positive, wholeNumber } from '../border/argument-schemas.ts';
import { type Cascade, type CascadeRule, cascadeRules } from '../cascade/cascade.ts';
import { cascadeSchema } from '../cascade/cascade-schema.ts';
import { InputError } from '../errors.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { removeLeftovers } from '../files/folders.ts';
import { readText } from '../files/read-file.ts';
import { writeWholeFile } from '../files/write-file.ts';
import { type RunDescription, type RunFolder, runDescriptionSchema, runFolder } from './run-folder.ts';

/** How the stages behind the first are trained. */
export interface LaterStages {
  /** `fresh`: from first weights of their own; `previous`: from those of the stage before, at the full radius. */
  readonly start: 'fresh' | 'previous';
  /**
   * `left`: on the examples alone that no stage before certifies; `all`: on all of them, without the robust loss of those that one
   * certifies.
   */
  readonly examples: 'left' | 'all';
  /** Passes over their examples. */
  readonly epochs: number;
  readonly learningRate: number;
}

/** What `cascade.json` holds. */
export interface CascadeManifest {
  readonly schemaVersion: 1;
  /** Stages asked for. */
  readonly stages: number;
  /** What the choices below were made for: the paper's Algorithm 2, or its guarantee. They may be others than usual for either. */
  readonly training: 'paper' | 'guarantee';
  readonly rule: CascadeRule;
  readonly later: LaterStages;
  /** The bounds that certify between stages and when it is used, as in `certify --bounds`; empty for the cheapest exact ones. */
  readonly certifyBounds: string;
  /** Examples at the end of the training part that train nothing, and choose thresholds. */
  readonly validation: number;
  /** Of the first stage, and of the others where `later` says nothing. `examples` are those of training and validation together. */
  readonly run: RunDescription;
  /** Null until all stages are trained. */
  readonly result: CascadeResult | null;
}

export interface CascadeResult extends Cascade {
  /** In the order in which they are asked. They are fewer than were asked for when nothing was left to learn. */
  readonly stages: readonly {
    /** In the folder of the manifest, a safetensors file. */
    readonly weights: string;
    /** How many it was trained on, and how many of them with a robust loss. */
    readonly examples: number;
    readonly robustExamples: number;
  }[];
}

export interface CascadeFolder extends RunFolder {
  readonly manifest: string;
  /** Of the stage with that number, counted from 0. */
  stage(number: number): RunFolder & { readonly verdicts: string };
}

export function cascadeFolder(folder: string): CascadeFolder {
  return {
    ...runFolder(folder),
    manifest: path.join(folder, 'cascade.json'),
    stage(number) {
      const own = path.join(folder, stageName(number));
      return { ...runFolder(own), verdicts: path.join(own, 'verdicts.safetensors') };
    },
  };
}

export const stageName = (number: number): string => `stage-${number + 1}`;

export const holdsCascade = (folder: string): boolean => existsSync(cascadeFolder(folder).manifest);

const manifestSchema: v.GenericSchema<unknown, CascadeManifest> = v.object({
  schemaVersion: v.literal(1),
  stages: wholeNumber(2),
  training: v.picklist(['paper', 'guarantee']),
  rule: oneOf(cascadeRules),
  later: v.object({
    start: v.picklist(['fresh', 'previous']),
    examples: v.picklist(['left', 'all']),
    epochs: wholeNumber(1),
    learningRate: positive,
  }),
  certifyBounds: v.string(),
  validation: nonNegative,
  run: runDescriptionSchema,
  result: v.nullable(
    v.pipe(
      v.object({
        ...v.object({ rule: oneOf(cascadeRules), thresholds: v.array(nonNegative) }).entries,
        stages: v.pipe(
          v.array(v.object({ weights: v.string(), examples: wholeNumber(1), robustExamples: wholeNumber(0) })),
          v.minLength(1),
        ),
      }),
      v.check(({ thresholds, stages }) => thresholds.length === stages.length, 'it needs a threshold for each stage'),
      v.check(({ rule, thresholds }) => v.is(cascadeSchema, { rule, thresholds }), 'it is no cascade'),
    ),
  ),
});

/** Reads `cascade.json`. Raises `InputError` when it is absent or not what this version of dualc writes. */
export async function readCascadeManifest(folder: CascadeFolder): Promise<CascadeManifest> {
  const text = readText(folder.manifest, fileKinds.runDescription);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), manifestSchema), text);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new InputError(
    `${folder.manifest} is damaged, or describes no cascade of this version of dualc: ${[v.getDotPath(issue), issue.message].filter(Boolean).join(': ')}`,
  );
}

/** Removes what a killed process left half written in a folder that is locked now. */
export async function cleanCascade(folder: CascadeFolder, stages: number): Promise<void> {
  await removeLeftovers(
    folder.folder,
    [folder.manifest, folder.lock].map(file => path.basename(file)),
  );
  for (let stage = 0; stage < stages; stage++) {
    const { folder: own, verdicts } = folder.stage(stage);
    if (existsSync(own)) await removeLeftovers(own, [path.basename(verdicts)]);
  }
}

/** Writes it whole: the one before stays until the new one is on the disk. */
export const writeCascadeManifest = (folder: CascadeFolder, manifest: CascadeManifest): Promise<void> =>
  writeWholeFile(folder.manifest, `${JSON.stringify(manifest, null, 2)}\n`);

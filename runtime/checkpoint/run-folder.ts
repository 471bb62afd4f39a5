/** The folder of a training run: what was asked for, the last checkpoint, the metrics, the final weights. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { backendNames } from '../backend/backend-name.ts';
import { InputError } from '../errors.ts';
import { fileKinds } from '../files/file-kinds.ts';
import { removeLeftovers } from '../files/folders.ts';
import { readText } from '../files/read-file.ts';
import { writeWholeFile } from '../files/write-file.ts';
import { parseBoundsSchedule } from '../train/bounds-schedule.ts';
import { trainSettingsSchema } from '../train/settings-schema.ts';
import type { TrainSettings } from '../train/train-settings.ts';

/** The files of a run folder. */
export interface RunFolder {
  /** As the user wrote it. */
  readonly folder: string;
  readonly description: string;
  readonly checkpoint: string;
  readonly metrics: string;
  readonly weights: string;
  /** There while a process trains in the folder. */
  readonly lock: string;
}

export function runFolder(folder: string): RunFolder {
  return {
    folder,
    description: path.join(folder, 'run.json'),
    checkpoint: path.join(folder, 'checkpoint.safetensors'),
    metrics: path.join(folder, 'metrics.jsonl'),
    weights: path.join(folder, 'weights.safetensors'),
    lock: path.join(folder, 'run.lock'),
  };
}

/** What `run.json` holds: all that decides the weights. */
export interface RunDescription {
  readonly schemaVersion: 1;
  /** Version of the compiler. */
  readonly dualc: string;
  /** The architecture file, as given, and the hash of its network. */
  readonly architecture: string;
  readonly sourceHash: string;
  /** Constants of the file that were set to other values, `--set`. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** The recipe that its settings were taken from where nothing else was said, `--preset`. */
  readonly preset?: string | undefined;
  /** Its layers, for people. */
  readonly layers?: readonly string[] | undefined;
  readonly norm: 'linf' | 'l2';
  readonly box: readonly [number, number] | null;
  /** Schedule of training bounds, as in `--bounds`. */
  readonly bounds: string;
  readonly projections: number;
  readonly estimator: 'ml' | 'median' | 'geometric';
  /** As in `--data`. */
  readonly data: string;
  /** Which real examples those are: `Dataset.lineage`. */
  readonly lineage: string;
  /** SHA-256 of all of them (of a cascade: that its stages share), `hashDataset`. */
  readonly dataHash?: string | undefined;
  /** Examples used, from the start of the training part. */
  readonly examples: number;
  readonly backend: string;
  /** Threads that shared each batch: another number sums in another order. Absent in runs of one. */
  readonly workers?: number | undefined;
  readonly settings: TrainSettings;
  /** Of a cascade, counted from 1; its examples are then some of those of the training part. */
  readonly stage?: number | undefined;
}

const countOf = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));

const fields = v.object({
  schemaVersion: v.literal(1),
  dualc: v.string(),
  architecture: v.string(),
  sourceHash: v.string(),
  set: v.optional(v.record(v.string(), v.string())),
  preset: v.optional(v.string()),
  layers: v.optional(v.array(v.string())),
  norm: v.picklist(['linf', 'l2']),
  box: v.nullable(
    v.pipe(
      v.tuple([v.number(), v.number()]),
      v.check(([low, high]) => low < high, 'it is empty'),
    ),
  ),
  bounds: v.string(),
  projections: countOf(2),
  estimator: v.picklist(['ml', 'median', 'geometric']),
  data: v.string(),
  lineage: v.string(),
  dataHash: v.optional(v.string()),
  examples: countOf(1),
  backend: v.picklist(backendNames),
  workers: v.optional(countOf(2)),
  settings: trainSettingsSchema,
  stage: v.optional(countOf(1)),
});

/** The schedule of bounds has to fit the number of epochs: what it says is read like an option, and checked here. */
export const runDescriptionSchema: v.GenericSchema<unknown, RunDescription> = v.pipe(
  fields,
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return;
    try {
      parseBoundsSchedule(dataset.value.bounds, dataset.value.settings.epochs, 'bounds');
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      addIssue({ message: error.message });
    }
  }),
);

/** Reads `run.json`. Raises `InputError` when it is absent or not what this version of dualc writes. */
export async function readRunDescription(run: RunFolder): Promise<RunDescription> {
  if (!existsSync(run.description)) {
    throw new InputError(`${run.folder} holds no run: there is no ${run.description}`);
  }
  const text = readText(run.description, fileKinds.runDescription);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), runDescriptionSchema), text);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new InputError(
    `${run.description} is damaged, or describes no run of this version of dualc: ${[v.getDotPath(issue), issue.message].filter(Boolean).join(': ')}`,
  );
}

/** Begins a run in a locked folder. Raises `InputError` when it holds a run already: that one is never written over. */
export async function createRun(run: RunFolder, asked: RunDescription): Promise<void> {
  const present = [run.description, run.checkpoint, run.weights].find(file => existsSync(file));
  if (present !== undefined) {
    throw new InputError(
      `${run.folder} holds a run already (${present}): go on with it by --resume, or choose another folder`,
    );
  }
  await writeWholeFile(run.description, `${JSON.stringify(asked, null, 2)}\n`);
}

/** Removes what a killed process left half written in a folder that is locked now. */
export async function cleanRun(run: RunFolder): Promise<void> {
  const files = [run.description, run.checkpoint, run.weights, run.lock].map(file => path.basename(file));
  await removeLeftovers(run.folder, files);
}

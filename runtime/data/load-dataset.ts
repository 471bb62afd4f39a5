/** Datasets by name or folder. */
import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { oneOf, text, wholeNumber } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { InputError } from '../errors.ts';
import type { Environment } from '../files/cache-folder.ts';
import { didYouMean } from '../weights/nearest-name.ts';
import { type Dataset, firstExamples, type Split } from './dataset.ts';
import { loadDigits } from './digits.ts';
import { fileNamesWanted, findSplit, type SplitFiles } from './folder-files.ts';
import { familyOf } from './lineage.ts';
import { namedSets, placesOf } from './named-places.ts';
import { readSplit } from './read-split.ts';
import { twoMoons } from './two-moons.ts';

export interface DatasetOptions {
  readonly split: Split;
  /** Looked in before all other places. */
  readonly dataDir?: string | undefined;
  /** For `DUALC_DATA`, `HOME`, `XDG_CACHE_HOME` and `XDG_DATA_DIRS`; the process's own when absent. */
  readonly env?: Environment | undefined;
  /** Keeps the first examples only. */
  readonly limit?: number | undefined;
  /** Number of classes; labels beyond are refused. A named set has ten; a folder without this has as many as its labels show. */
  readonly classes?: number | undefined;
}

const optionsSchema = v.strictObject(
  {
    split: oneOf(['train', 'test']),
    dataDir: v.optional(text),
    env: v.optional(v.looseObject({}, 'it needs an object, as process.env is')),
    limit: v.optional(wholeNumber(1)),
    classes: v.optional(wholeNumber(1)),
  },
  'it needs an object',
);

/** Names that need no folder. */
const builtIn: Readonly<Record<string, (split: Split) => Dataset | Promise<Dataset>>> = {
  digits: loadDigits,
  'two-moons': twoMoons,
};

export const datasetNames: readonly string[] = [...Object.keys(builtIn), ...Object.keys(namedSets)];

/**
 * Loads `digits`, `two-moons`, `mnist`, `fashion-mnist`, `cifar10`, or a folder that holds IDX or CIFAR-10 binary files. A
 * name is never taken for a folder; write `./mnist` for a folder of that name. Raises `InputError` when it is not found
 * (saying where it was looked for and how to get it), cut short, corrupt, or has labels out of range.
 */
export async function loadDataset(nameOrFolder: string, options: DatasetOptions): Promise<Dataset> {
  checkArgument(text, nameOrFolder, 'loadDataset: name or folder');
  checkArgument(optionsSchema, options, 'loadDataset: options');
  const generate = Object.hasOwn(builtIn, nameOrFolder) ? builtIn[nameOrFolder] : undefined;
  const dataset = generate === undefined ? await loadFromFiles(nameOrFolder, options) : await generate(options.split);
  return firstExamples(dataset, options.limit);
}

async function loadFromFiles(nameOrFolder: string, options: DatasetOptions): Promise<Dataset> {
  const named = Object.hasOwn(namedSets, nameOrFolder) ? namedSets[nameOrFolder] : undefined;
  if (named === undefined) {
    const files = await splitOfFolder(nameOrFolder, options.split);
    return readSplit(files, { name: nameOrFolder, known: false, split: options.split, classes: options.classes });
  }
  const places = placesOf(named, options.dataDir, options.env ?? process.env);
  for (const place of places) {
    const files = await findSplit(place, options.split);
    if (files === null) continue;
    const dataset = await readSplit(files, {
      name: nameOrFolder,
      known: true,
      split: options.split,
      classes: options.classes ?? 10,
    });
    if (familyOf(dataset.lineage) !== nameOrFolder) {
      throw new InputError(
        `${place} does not hold ${nameOrFolder} but ${dataset.lineage}: name that dataset, or another folder`,
      );
    }
    return dataset;
  }
  throw new InputError(
    [
      `the ${options.split} part of ${nameOrFolder} was not found. Looked in:`,
      ...places.map(place => `  ${place}`),
      `To get it: ${named.hint}. Put the files in one of these folders, or say where they are with --data-dir or DUALC_DATA`,
    ].join('\n'),
  );
}

async function splitOfFolder(folder: string, split: Split): Promise<SplitFiles> {
  const info = await stat(folder).catch(() => null);
  if (info === null) {
    throw new InputError(
      `there is no folder ${folder}, and no dataset of that name${didYouMean(folder, datasetNames)}\nDatasets with a name: ${datasetNames.join(', ')}`,
    );
  }
  if (!info.isDirectory()) {
    throw new InputError(
      `${folder} is a file: a dataset is a folder; certify and attack take a safetensors file with x and labels by --inputs`,
    );
  }
  const files = await findSplit(folder, split);
  if (files !== null) return files;
  const other = split === 'train' ? 'test' : 'train';
  const has = (await findSplit(folder, other)) === null ? '' : ` (it holds the ${other} part)`;
  throw new InputError(`${folder} holds no ${split} part of a dataset${has}. Files looked for: ${fileNamesWanted}`);
}

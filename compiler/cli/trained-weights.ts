/** Where the weights of `certify`, `attack` and `predict` come from: files, a run, or a cascade. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Cascade, CascadeRule } from '../../runtime/cascade/cascade.ts';
import type { RunDescription } from '../../runtime/checkpoint/run-folder.ts';
import type { ModelMeta } from '../../runtime/contract.ts';
import { InputError } from '../../runtime/errors.ts';
import type { LoadedWeights, Weights } from '../../runtime/weights/weights-from.ts';
import { networkDifference } from './other-network.ts';
import { resumeCommand } from './pasted-command.ts';
import { warn } from './say.ts';
import { UsageError } from './usage-error.ts';

export interface WeightOptions {
  readonly weights?: readonly string[] | undefined;
  readonly run?: string | undefined;
  readonly norm?: 'linf' | 'l2' | undefined;
  readonly epsilon?: number | undefined;
  readonly dataDir?: string | undefined;
  readonly cascadeRule?: CascadeRule | undefined;
  readonly thresholds?: readonly number[] | undefined;
}

/** What is known before the architecture is compiled. */
export interface FoundWeights {
  readonly files: readonly string[];
  /** Null for files that no run is named for. */
  readonly run: RunDescription | null;
  /** Of a cascade that was trained; null for one network, and for files. */
  readonly cascade: Cascade | null;
  /** How a cascade certifies; undefined leaves it to the options. */
  readonly certifyBounds: string | undefined;
}

/** Raises `InputError` for a run that is not finished. */
export async function findWeights(architecture: string, options: WeightOptions): Promise<FoundWeights> {
  const { weights, run = '' } = options;
  if (weights !== undefined) return { files: weights, run: null, cascade: null, certifyBounds: undefined };
  const { holdsCascade } = await import('../../runtime/checkpoint/cascade-folder.ts');
  const unfinished = (): InputError =>
    new InputError(
      `the run in ${run} is not finished; go on with\n  ${resumeCommand(architecture, run, options.dataDir === undefined ? [] : ['--data-dir', options.dataDir])}`,
    );
  if (holdsCascade(run)) {
    const { cascadeFolder, readCascadeManifest } = await import('../../runtime/checkpoint/cascade-folder.ts');
    const manifest = await readCascadeManifest(cascadeFolder(run));
    if (manifest.result === null) throw unfinished();
    const { stages, rule, thresholds } = manifest.result;
    return {
      files: stages.map(({ weights }) => path.join(run, weights)),
      run: manifest.run,
      cascade: { rule, thresholds },
      certifyBounds: manifest.certifyBounds === '' ? undefined : manifest.certifyBounds,
    };
  }
  const { readRunDescription, runFolder } = await import('../../runtime/checkpoint/run-folder.ts');
  const folder = runFolder(run);
  const description = await readRunDescription(folder);
  if (!existsSync(folder.weights)) throw unfinished();
  return { files: [folder.weights], run: description, cascade: null, certifyBounds: undefined };
}

export interface TrainedWeights {
  /** By stage; one for one network. */
  readonly weights: readonly Weights[];
  /** Lineage of the data that trained them, when the files or the run say so. */
  readonly trainedOn: string | undefined;
  /** The run's dataset. */
  readonly data: string | undefined;
  /** Null for one network. */
  readonly cascade: Cascade | null;
}

/** Raises `InputError` for files that do not fit the network, `UsageError` for options of cascades without one. */
export async function loadWeightsOf(
  { files, run, cascade }: FoundWeights,
  architecture: string,
  options: WeightOptions,
  meta: ModelMeta,
): Promise<TrainedWeights> {
  const { loadWeightsFile } = await import('../../runtime/weights/load-weights.ts');
  if (run !== null) warnOfDifferences(run, architecture, options, meta);
  const loaded: LoadedWeights[] = [];
  for (const file of files) loaded.push(await loadWeightsFile(file, meta));
  return {
    weights: loaded.map(({ weights }) => weights),
    trainedOn: run?.lineage ?? loaded.find(({ metadata }) => metadata.trainedOn !== undefined)?.metadata.trainedOn,
    data: run?.data,
    cascade: await chosenCascade(files.length, cascade, options),
  };
}

async function chosenCascade(
  stages: number,
  trained: Cascade | null,
  { cascadeRule, thresholds }: WeightOptions,
): Promise<Cascade | null> {
  if (stages === 1 && trained === null) {
    if (cascadeRule === undefined && thresholds === undefined) return null;
    throw new UsageError(
      `${cascadeRule === undefined ? '--thresholds' : '--cascade-rule'} is for cascades: give --weights for each stage, or the --run of one`,
    );
  }
  if (thresholds !== undefined && thresholds.length !== stages) {
    throw new UsageError(
      `--thresholds: the cascade has ${stages} stages, and these are ${thresholds.length} thresholds`,
    );
  }
  const rule = cascadeRule ?? trained?.rule ?? 'first';
  // Thresholds are chosen for a rule: they say nothing of another one.
  const own = trained?.rule === rule ? trained.thresholds : new Array<number>(stages).fill(0);
  return { rule, thresholds: thresholds ?? own };
}

function warnOfDifferences(run: RunDescription, architecture: string, options: WeightOptions, meta: ModelMeta): void {
  const difference = networkDifference(run, meta);
  if (difference !== null) {
    warn(
      `${architecture} is another network than the one that the run in ${options.run} trained ` +
        `(- the run's, + this one's):\n${difference}`,
    );
  }
  if (options.norm === undefined && run.norm !== meta.ball.norm) {
    warn(
      `the run in ${options.run} trained for an ${run.norm} ball; this is ${meta.ball.norm}, the architecture's ` +
        `(--norm ${run.norm} for the run's)`,
    );
  }
}

/** `dualc train`: weights whose robustness can be proved. */

import { existsSync } from 'node:fs';
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { CascadeFolder } from '../../runtime/checkpoint/cascade-folder.ts';
import type { RunDescription } from '../../runtime/checkpoint/run-folder.ts';
import { InputError } from '../../runtime/errors.ts';
import type { Settings } from '../1-frontend/apply-settings.ts';
import {
  type CascadeFlags,
  cascadeOptions,
  newCascade,
  refuseCascadeChanges,
  refuseWithoutCascade,
} from './cascade/cascade-flags.ts';
import { earlierRun } from './earlier-run.ts';
import { chooseEpsilon } from './epsilon-option.ts';
import { boxOption } from './evaluation-subject.ts';
import { byteSize, nonNegative, numberWithin, positive, range, wholeNumber } from './number-options.ts';
import { layerLines } from './other-network.ts';
import { resumeCommand } from './pasted-command.ts';
import { applyPreset, findPreset, presetMismatch } from './presets/apply-preset.ts';
import { refuseChanges } from './resume-conflicts.ts';
import { resumeRun } from './resume-run.ts';
import { runTraining, type TrainingPlan } from './run-training.ts';
import { say, warn } from './say.ts';
import { augmentation, learningRateSchedule, weightRamp } from './schedule-options.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';
import { defaultBounds, type TrainFlags, trainSettings } from './train-plan.ts';
import { trainWarnings } from './train-warnings.ts';
import { UsageError, usage } from './usage-error.ts';

interface StartFlags extends TrainFlags {
  readonly set?: Settings | undefined;
  readonly preset?: string | undefined;
  readonly data?: string | undefined;
  readonly limit?: number | undefined;
  readonly dataDir?: string | undefined;
  readonly epsilon?: number | undefined;
  readonly norm?: 'linf' | 'l2' | undefined;
  readonly box?: [number, number] | boolean | undefined;
  readonly projections: number;
  readonly estimator: 'ml' | 'median' | 'geometric';
  readonly backend?: string | undefined;
  readonly saveSeconds: number;
  readonly metricsEvery: number;
  readonly memory?: number | undefined;
  readonly workers?: number | undefined;
}

export function trainCommand(): CommandUnknownOpts {
  const command = new Command('train')
    .description('train weights whose robustness can be proved')
    .argument('<arch>', 'architecture file, or a module compiled from one')
    .option('--data <dataset>', 'digits, two-moons, mnist, fashion-mnist, cifar10, or a folder of IDX or CIFAR files')
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .option('--preset <name>', "settings of a row of the paper's tables, where nothing else is said: mnist-small-0.1")
    .option('--out <folder>', 'the run: checkpoints, metrics, weights')
    .option('--resume', 'go on with the run in --out where it was cut; with --data, begin it if there is none')
    .optionsGroup('Ball:')
    .option(
      '--epsilon <radius>',
      "radius in the units of the input: 0.1, 8/255 (default: the architecture's)",
      positive,
    )
    .addOption(
      new Option('--norm <norm>', "norm of the ball (default: the architecture's)").choices(['linf', 'l2'] as const),
    )
    .option('--box <range>', "limits of every input value, 0,1 (default: the architecture's)", range)
    .option('--no-box', 'let the ball reach beyond the limits')
    .optionsGroup('Loss:')
    .option(
      '--bounds <schedule>',
      'interval, sketch, sketch:per-layer (of the paper), exact, or one after the other: interval:8,sketch:4 (in epochs)',
    )
    .option('--projections <k>', 'numbers in a sketch', wholeNumber(2, 10_000), 10)
    .addOption(
      new Option('--estimator <name>', "reads a sketch's scale")
        .choices(['ml', 'median', 'geometric'] as const)
        .default('ml' as const),
    )
    .option('--epsilon-start <radius>', 'radius in the first step', nonNegative, 0)
    .option(
      '--epsilon-epochs <n>',
      'epochs in which the radius grows (default: half of them)',
      numberWithin({ most: 1e6 }),
    )
    .addOption(
      new Option(
        '--natural-weight <weight>',
        'weight of the natural loss, 0.5, or at the start and after the ramp, 1:0.5',
      )
        .argParser(weightRamp)
        .default([1, 0] as [number, number], '1:0'),
    )
    .option(
      '--natural-epochs <n>',
      'epochs in which that weight moves (default: as --epsilon-epochs)',
      numberWithin({ most: 1e6 }),
    )
    .optionsGroup('Steps:')
    .option('--epochs <n>', 'passes over the data', wholeNumber(1, 1_000_000), 15)
    .option('--batch <n>', 'examples in a step', wholeNumber(1), 50)
    .addOption(
      new Option('--optimizer <name>', 'how weights move').choices(['adam', 'sgd'] as const).default('adam' as const),
    )
    .option(
      '--lr <rate>',
      'learning rate at the start (default: 0.001 for adam, 0.05 for sgd)',
      numberWithin({ above: 0, most: 100 }),
    )
    .option(
      '--lr-schedule <schedule>',
      'constant, cosine, or halve:AFTER:EVERY in epochs (default: cosine)',
      learningRateSchedule,
    )
    .option('--momentum <share>', 'of sgd, below 1', numberWithin({ below: 1 }), 0.9)
    .option(
      '--weight-decay <factor>',
      'ℓ2 penalty on the weights (default: 0 for adam, 0.0005 for sgd)',
      numberWithin({ most: 1 }),
    )
    .option('--clip <norm>', 'largest joint ℓ2 norm of the gradients', positive)
    .option('--augment <moves>', 'move training images at random: shift:2 (pixels), flip, or both', augmentation)
    .addOption(
      new Option('--init <name>', 'first weights').choices(['he', 'glorot', 'pytorch'] as const).default('he' as const),
    )
    .option('--seed <n>', 'decides weights, order and sketches', wholeNumber(0), 0)
    .optionsGroup('Machine:')
    .option('--limit <n>', 'the first n examples only', wholeNumber(1))
    .option('--data-dir <folder>', 'where datasets are looked for first')
    .option('--backend <name>', 'native-gpu, native, webgpu, wasm or cpu (default: the fastest that loads)')
    .option(
      '--memory <size>',
      'memory of the whole process; a batch that needs more is refused (default: what there is)',
      byteSize,
    )
    .option(
      '--workers <n>',
      'threads that share each batch; another number gives the same up to the order of sums (default: 1)',
      wholeNumber(1, 1024),
    )
    .option('--save-seconds <n>', 'seconds between checkpoints within an epoch', numberWithin({ most: 1e9 }), 60)
    .option('--metrics-every <n>', 'steps between lines of metrics.jsonl within an epoch', wholeNumber(1), 20)
    .addHelpText(
      'after',
      '\nExamples:\n  $ dualc train mnist-small.arch.ts --data digits --epsilon 0.1 --out run --workers 2\n' +
        '  $ dualc train mnist-small.arch.ts --data mnist --epsilon 0.3 --bounds interval --cascade 3 --out cascade',
    )
    .action(async (architecture, flags, command) => {
      // What commander keeps, `flags`, is changed by it.
      if (flags.preset !== undefined) applyPreset(command, findPreset(flags.preset));
      if (flags.out === undefined) throw new UsageError('--out is missing: the folder that the run is written to');
      const { cascadeFolder } = await import('../../runtime/checkpoint/cascade-folder.ts');
      const { withRunLock } = await import('../../runtime/checkpoint/run-lock.ts');
      const folder = cascadeFolder(flags.out);
      const asked = { ...flags, ...(command.opts() as unknown as CascadeFlags) };
      const given = command.options
        .map(option => option.attributeName())
        .filter(name => command.getOptionValueSource(name) === 'cli');
      // Before the lock, which needs a folder: where there is no run, none is made.
      await earlierRun(folder, flags);
      await withRunLock(folder, async lock => {
        const earlier = await earlierRun(folder, flags);
        if (earlier?.cascade === null) refuseChanges(flags, given, earlier.run);
        if (earlier != null && earlier.cascade !== null) refuseCascadeChanges(asked, given, earlier.cascade);
        const isCascade = earlier === null ? asked.cascade !== undefined : earlier.cascade !== null;
        if (!isCascade) refuseWithoutCascade(command, given);
        const machine = {
          lock,
          resumeFolder: folder.folder,
          saveSeconds: flags.saveSeconds,
          metricsEvery: flags.metricsEvery,
          memory: flags.memory,
          batchAsked: earlier !== null || given.includes('batch'),
          again: machineOptions(command, given),
        };
        const plan =
          earlier === null
            ? await start(architecture, flags, given, folder)
            : await resumeRun(architecture, flags, folder, earlier.run);
        if (!isCascade) {
          await runTraining({ ...plan, ...machine });
          return;
        }
        const { trainCascade } = await import('./cascade/train-cascade.ts');
        const manifest = earlier?.cascade ?? newCascade(asked, plan.description);
        await trainCascade({ ...plan, ...machine, folder, manifest });
      });
    });
  // In a loop, which the types of commander do not follow.
  command.optionsGroup('Cascade:');
  for (const option of cascadeOptions()) command.addOption(option);
  return command;
}

/** A new run: everything from the flags, and what they leave open from the architecture. */
async function start(
  architecture: string,
  flags: StartFlags,
  given: readonly string[],
  folder: CascadeFolder,
): Promise<TrainingPlan> {
  if (flags.data === undefined) throw new UsageError('--data is missing: what to train on, digits, mnist, or a folder');
  if (existsSync(folder.description) || existsSync(folder.manifest)) {
    throw new InputError(
      `${folder.folder} holds a run already; choose another folder, or go on with it:\n  ${resumeCommand(architecture, folder.folder)}`,
    );
  }
  const { parseBoundsSchedule } = await import('../../runtime/train/bounds-schedule.ts');
  const { selectBackend } = await import('../../runtime/backend/select-backend.ts');
  const { loadDataset } = await import('../../runtime/data/load-dataset.ts');
  const { hashDataset } = await import('../../runtime/data/hash-data.ts');
  const { loadModel } = await import('./load-model.ts');
  const bounds = flags.bounds ?? defaultBounds(flags.epochs);
  const phases = usage(() => parseBoundsSchedule(bounds, flags.epochs, '--bounds'));
  const { oneThreadEach, requireCpu } = await import('./workers-option.ts');
  const { workers = 1 } = flags;
  if (workers > 1) oneThreadEach();
  const backend = await selectBackend({ prefer: flags.backend, source: '--backend' });
  requireCpu(workers, backend.name);
  say(`backend ${backend.name}: ${backend.reason}`);
  const ball = { ...(flags.norm === undefined ? {} : { norm: flags.norm }), ...boxOption(flags.box) };
  const { meta } = await loadModel(architecture, { ...ball, trainBounds: phases[0]!.bounds, settings: flags.set });
  const { epsilon, said, warning } = chooseEpsilon(flags.epsilon, flags.norm, meta);
  say(said);
  if (warning !== null) warn(warning);
  const dataset = await loadDataset(flags.data, { split: 'train', limit: flags.limit, dataDir: flags.dataDir });
  const settings = trainSettings(flags, epsilon);
  for (const line of trainWarnings(flags, given, settings, bounds)) warn(line);
  const mismatch = flags.preset === undefined ? null : presetMismatch(findPreset(flags.preset), meta);
  if (mismatch !== null) warn(mismatch);
  const description: RunDescription = {
    schemaVersion: 1,
    dualc: meta.compiler,
    architecture,
    sourceHash: meta.sourceHash,
    ...(flags.set === undefined ? {} : { set: flags.set }),
    ...(flags.preset === undefined ? {} : { preset: flags.preset }),
    layers: layerLines(meta),
    norm: meta.ball.norm,
    box: meta.ball.box === null ? null : [meta.ball.box[0], meta.ball.box[1]],
    bounds,
    projections: flags.projections,
    estimator: flags.estimator,
    data: flags.data,
    lineage: dataset.lineage,
    dataHash: hashDataset(dataset),
    examples: dataset.count,
    backend: backend.name,
    ...(workers > 1 ? { workers } : {}),
    settings,
  };
  return {
    architecture,
    description,
    folder,
    dataset,
    backend: backend.name,
    workers,
    resume: false,
  };
}

/** Options that `run.json` does not hold, as they were given: a run that is resumed needs them again. */
function machineOptions(command: CommandUnknownOpts, given: readonly string[]): string[] {
  const names = ['dataDir', 'backend', 'memory', 'workers', 'saveSeconds', 'metricsEvery'];
  return command.options
    .filter(option => names.includes(option.attributeName()) && given.includes(option.attributeName()))
    .flatMap(option => [option.long ?? option.flags, String(command.getOptionValue(option.attributeName()))]);
}

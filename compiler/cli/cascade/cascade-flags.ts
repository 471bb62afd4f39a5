/** `dualc train --cascade`: from the flags to what is written into `cascade.json`. */
import { type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { cascadeRules } from '../../../runtime/cascade/cascade.ts';
import type { CascadeManifest } from '../../../runtime/checkpoint/cascade-folder.ts';
import type { RunDescription } from '../../../runtime/checkpoint/run-folder.ts';
import { numberWithin, wholeNumber } from '../number-options.ts';
import { refuseChanges } from '../resume-conflicts.ts';
import { UsageError } from '../usage-error.ts';

export interface CascadeFlags {
  readonly cascade?: number | undefined;
  readonly cascadeTraining: CascadeManifest['training'];
  readonly cascadeRule?: CascadeManifest['rule'] | undefined;
  readonly cascadeStart?: CascadeManifest['later']['start'] | undefined;
  readonly cascadeExamples?: CascadeManifest['later']['examples'] | undefined;
  readonly cascadeEpochs?: number | undefined;
  readonly cascadeLr?: number | undefined;
  readonly certifyBounds?: string | undefined;
  readonly validation?: number | undefined;
}

/** Their names, as commander keeps them. */
const names = [
  'cascade',
  'cascadeTraining',
  'cascadeRule',
  'cascadeStart',
  'cascadeExamples',
  'cascadeEpochs',
  'cascadeLr',
  'certifyBounds',
  'validation',
] as const satisfies readonly (keyof CascadeFlags)[];

export const cascadeOptions = (): Option[] => [
  new Option('--cascade <stages>', 'train as many networks, each for what those before leave (Algorithm 2)').argParser(
    wholeNumber(2, 100),
  ),
  new Option('--cascade-training <purpose>', 'defaults of the options below: of the paper, or for what can be proved')
    .choices(['guarantee', 'paper'])
    .default('guarantee'),
  new Option(
    '--cascade-rule <rule>',
    'who may answer: the first stage that is sure, or one that those before agree with',
  ).choices(cascadeRules),
  new Option('--cascade-start <weights>', 'later stages begin fresh, or with the weights of the previous one').choices([
    'fresh',
    'previous',
  ]),
  new Option(
    '--cascade-examples <which>',
    'later stages see what is left, or all, with the robust loss of what is left',
  ).choices(['left', 'all']),
  new Option('--cascade-epochs <n>', 'passes of later stages over their examples (default: --epochs)').argParser(
    wholeNumber(1, 1_000_000),
  ),
  new Option('--cascade-lr <rate>', 'learning rate of later stages (default: half of --lr for previous)').argParser(
    numberWithin({ above: 0, most: 100 }),
  ),
  new Option(
    '--certify-bounds <spec>',
    'what certifies between stages (default: interval if that trained last, else as certify)',
  ),
  new Option(
    '--validation <n>',
    'examples held out at the end of the data, which choose thresholds (default: a tenth for rule first)',
  ).argParser(wholeNumber(0)),
];

/** Raises `UsageError` for options of cascades without one. */
export function refuseWithoutCascade(command: CommandUnknownOpts, given: readonly string[]): void {
  const alone = names.filter(name => name !== 'cascade' && given.includes(name));
  if (alone.length === 0) return;
  const flag = command.options.find(option => option.attributeName() === alone[0])?.long ?? alone[0];
  throw new UsageError(`${flag} is for cascades: say --cascade STAGES with it`);
}

/** A new cascade; `run` describes what its stages have in common. */
export function newCascade(flags: CascadeFlags, run: RunDescription): CascadeManifest {
  const forGuarantee = flags.cascadeTraining === 'guarantee';
  const start = flags.cascadeStart ?? (forGuarantee ? 'previous' : 'fresh');
  const phases = run.bounds.split(',').length;
  const epochs = flags.cascadeEpochs ?? run.settings.epochs;
  if (start === 'fresh' && phases > 1 && epochs !== run.settings.epochs) {
    throw new UsageError(
      `--cascade-epochs: a fresh stage goes through --bounds ${run.bounds}, which has ${run.settings.epochs} epochs; leave it out, or name one bound`,
    );
  }
  const rule = flags.cascadeRule ?? (forGuarantee ? 'agreement' : 'first');
  // Under the rule `agreement` there is nothing to choose (`runtime/cascade/guarantee.ts`).
  const validation = flags.validation ?? (rule === 'first' ? Math.floor(run.examples / 10) : 0);
  if (validation >= run.examples) {
    throw new UsageError(`--validation ${validation} leaves none of the ${run.examples} examples to train on`);
  }
  const last = run.bounds.split(',').at(-1) ?? '';
  return {
    schemaVersion: 1,
    stages: flags.cascade ?? 2,
    training: flags.cascadeTraining,
    rule,
    later: {
      start,
      examples: flags.cascadeExamples ?? 'left',
      epochs,
      learningRate: flags.cascadeLr ?? run.settings.learningRate * (start === 'previous' ? 0.5 : 1),
    },
    certifyBounds: flags.certifyBounds ?? (last.startsWith('interval') ? 'interval' : ''),
    validation,
    run,
    result: null,
  };
}

/** As `refuseChanges`, for a cascade that is resumed. */
export function refuseCascadeChanges(
  flags: CascadeFlags & Readonly<Record<string, unknown>>,
  given: readonly string[],
  manifest: CascadeManifest,
): void {
  refuseChanges(flags, given, manifest.run);
  const kept: Readonly<Record<(typeof names)[number], unknown>> = {
    cascade: manifest.stages,
    cascadeTraining: manifest.training,
    cascadeRule: manifest.rule,
    cascadeStart: manifest.later.start,
    cascadeExamples: manifest.later.examples,
    cascadeEpochs: manifest.later.epochs,
    cascadeLr: manifest.later.learningRate,
    certifyBounds: manifest.certifyBounds,
    validation: manifest.validation,
  };
  const conflict = names.find(name => given.includes(name) && flags[name] !== kept[name]);
  if (conflict === undefined) return;
  throw new UsageError(
    `--resume goes on with the settings of the cascade: for ${conflict} it has ${JSON.stringify(kept[conflict])}, asked for is ${JSON.stringify(flags[conflict])}; leave it out, or start a new one`,
  );
}

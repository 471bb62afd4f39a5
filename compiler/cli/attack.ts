/** `dualc attack`: looks for points of the ball that the network gets wrong, an upper bound on what can be proved. */
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { cascadeRules } from '../../runtime/cascade/cascade.ts';
import type { AttackFacts } from '../../runtime/report/certification-report.ts';
import type { Workers } from '../../runtime/workers/start-workers.ts';
import { type CascadeSubject, isCascade } from './cascade/evaluate-cascade.ts';
import { loadSubject, type Subject } from './evaluation-subject.ts';
import { byteSize, positive, range, wholeNumber } from './number-options.ts';
import { say, sayResult } from './say.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { showProgress } from './show-progress.ts';
import { mayRepeat } from './single-options.ts';
import { UsageError } from './usage-error.ts';
import { cascadeRuleHelp, fileList, thresholdList, thresholdsHelp, weightsHelp } from './weight-options.ts';

export interface AttackFlags {
  readonly steps: number;
  readonly stepSize?: number | undefined;
  readonly restarts: number;
  readonly seed: number;
  readonly batch: number;
}

export function attackCommand(): CommandUnknownOpts {
  return new Command('attack')
    .description('search the ball around each example for points that the network gets wrong')
    .argument('<arch>', 'architecture file, or a module compiled from one')
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .addOption(mayRepeat(new Option('--weights <file>', weightsHelp).argParser(fileList)))
    .option('--run <folder>', 'a finished training run, or a cascade, instead of --weights')
    .addOption(new Option('--cascade-rule <rule>', cascadeRuleHelp).choices(cascadeRules))
    .option('--thresholds <margins>', thresholdsHelp, thresholdList)
    .option('--data <dataset>', 'digits, two-moons, mnist, fashion-mnist, cifar10, or a folder of IDX or CIFAR files')
    .option('--inputs <file>', 'a safetensors file with x and labels, instead of --data')
    .option(
      '--epsilon <radius>',
      "radius of the ball in the units of the input: 0.1, 8/255 (default: the architecture's)",
      positive,
    )
    .addOption(
      new Option('--norm <norm>', "norm of the ball (default: the architecture's)").choices(['linf', 'l2'] as const),
    )
    .option('--box <range>', "limits of every input value, 0,1 (default: the architecture's)", range)
    .option('--no-box', 'let the ball reach beyond the limits')
    .addOption(
      new Option('--split <part>', 'part of the dataset').choices(['train', 'test'] as const).default('test' as const),
    )
    .option('--limit <n>', 'the first n examples only', wholeNumber(1))
    .option('--data-dir <folder>', 'where datasets are looked for first')
    .option('--steps <n>', 'steps of a run', wholeNumber(1, 1_000_000), 40)
    .option('--step-size <length>', 'length of a step (default: 2.5 epsilon / steps)', positive)
    .option(
      '--restarts <n>',
      'runs, the first from the example itself, the others from random points',
      wholeNumber(1, 1_000_000),
      3,
    )
    .option('--seed <n>', 'seed of the random points', wholeNumber(0), 0)
    .option('--batch <n>', 'examples at a time (default: 8 to 32, by their number)', wholeNumber(1))
    .option(
      '--workers <n>',
      'threads that share the examples (default: one per core, fewer for few)',
      wholeNumber(1, 1024),
    )
    .option(
      '--memory <size>',
      'memory that the compiled module may plan with (default: 1 GiB for each worker)',
      byteSize,
    )
    .option('--cascade', 'go through the certificates of a cascade, for points that it answers wrongly')
    .option('--backend <name>', 'native-gpu, native, webgpu, wasm or cpu (default: the fastest that loads)')
    .option('--save <file>', 'write the points found, x, their labels and which were broken to a safetensors file')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      '\nExample:\n  $ dualc attack mnist-small.arch.ts --run run --data digits --epsilon 0.1 --restarts 5 --workers 2',
    )
    .action(async (architecture, flags) => {
      const { checkWritable } = await import('../../runtime/files/write-file.ts');
      if (flags.save !== undefined) checkWritable(flags.save);
      const subject = await loadSubject(architecture, flags);
      const { withWorkers } = await import('./with-workers.ts');
      const { batch } = subject;
      if (isCascade(subject)) {
        await attackCascadeSubject(subject, flags);
        return;
      }
      if (flags.cascade === true) {
        throw new UsageError('--cascade needs a cascade: give --weights for each stage, or the --run of one');
      }
      const facts = await withWorkers(subject, workers => runAttack(subject, workers, { ...flags, batch }));
      const { attackReport, attackTable } = await import('../../runtime/report/attack-report.ts');
      const { epsilon, backend, workers } = subject;
      const report = { ...facts, meta: subject.model.meta, epsilon, backend, workers };
      sayResult(attackTable(report));
      if (flags.json === true) process.stdout.write(`${JSON.stringify(attackReport(report))}\n`);
      // Last: a disk that is full takes nothing away from what was found.
      if (flags.save === undefined) return;
      const { saveAttack } = await import('../../runtime/attack/save-attack.ts');
      await saveAttack(flags.save, facts, subject.examples.labels, subject.model.meta);
      say(`saved ${flags.save}`);
    });
}

/** A cascade is attacked through its certificates, and held against what is guaranteed of it. */
async function attackCascadeSubject(
  subject: CascadeSubject,
  flags: Omit<AttackFlags, 'batch'> & { readonly json?: true | undefined; readonly save?: string | undefined },
): Promise<void> {
  const { attackStages, certifyStages } = await import('./cascade/evaluate-cascade.ts');
  const { cascadeReport, cascadeTable } = await import('../../runtime/report/cascade-report.ts');
  const { withWorkers } = await import('./with-workers.ts');
  const { model, batch, examples } = subject;
  const { meta } = model;
  const { result, attack } = await withWorkers(subject, async workers => ({
    result: await certifyStages(subject, workers, batch),
    attack: await attackStages(subject, workers, batch, flags),
  }));
  const facts = { ...subject, meta, result, attack };
  const report = cascadeReport(facts);
  sayResult(cascadeTable(facts));
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ ...report, attackError: attack.attack.rate })}\n`);
  if (flags.save === undefined) return;
  const { saveAttack } = await import('../../runtime/attack/save-attack.ts');
  await saveAttack(flags.save, attack, examples.labels, meta);
  say(`saved ${flags.save}`);
}

/** Attacks all examples of a subject in the ball of its model, with progress on standard error. */
export async function runAttack(
  { model, params, examples, epsilon }: Subject,
  workers: Workers | null,
  { steps, stepSize, restarts, seed, batch }: AttackFlags,
): Promise<AttackFacts & { readonly points: Float32Array }> {
  const { attackExamples } = await import('../../runtime/attack/attack-examples.ts');
  const { attackByWorkers } = await import('../../runtime/workers/attack-by-workers.ts');
  const { defaultStepSize } = await import('../../runtime/attack/attack-options.ts');
  const { keyFrom } = await import('../../runtime/random/random-key.ts');
  const { norm, box } = model.meta.ball;
  const length = stepSize ?? defaultStepSize(epsilon, steps);
  const total = examples.labels.length;
  const progress = showProgress({ total, unit: 'examples attacked', lineSeconds: 10 });
  const options = {
    norm,
    epsilon,
    box,
    steps,
    stepSize: length,
    restarts,
    key: keyFrom(seed),
    batch,
    onBatch: (done: number, broken: number): void => progress.update(done, `${broken} broken`),
  };
  const result =
    workers === null
      ? await attackExamples(model, params, examples, options)
      : await attackByWorkers(workers, model, params, examples, options);
  progress.stop();
  return { ...result, steps, restarts, stepSize: length, seed };
}

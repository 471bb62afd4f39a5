/** `dualc certify`: proves, example by example, that no point of the ball changes the answer. */
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { cascadeRules } from '../../runtime/cascade/cascade.ts';
import type { Certification } from '../../runtime/certify/certification.ts';
import type { AttackFacts } from '../../runtime/report/certification-report.ts';
import type { Workers } from '../../runtime/workers/start-workers.ts';
import { type CascadeSubject, isCascade } from './cascade/evaluate-cascade.ts';
import { type Found, flagsOfClaim, judgeClaim, keepClaim, requireClaimed } from './claims.ts';
import { loadSubject, type Subject } from './evaluation-subject.ts';
import { byteSize, positive, range, share, wholeNumber } from './number-options.ts';
import { drawsOfMean, probability, probabilitySizes } from './probability-options.ts';
import { say, sayResult, warn } from './say.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';
import { UsageError } from './usage-error.ts';
import { cascadeRuleHelp, fileList, thresholdList, thresholdsHelp, weightsHelp } from './weight-options.ts';

interface CertifyFlags {
  readonly memory?: number | undefined;
  readonly save?: string | undefined;
  readonly attack?: true | undefined;
  readonly steps: number;
  readonly restarts: number;
  readonly seed: number;
  readonly probability?: number | undefined;
  readonly projections?: number | undefined;
  readonly estimators?: number | undefined;
  readonly json?: true | undefined;
  readonly failAbove?: number | undefined;
}

export function certifyCommand(): CommandUnknownOpts {
  return new Command('certify')
    .description('prove for each example that the answer is the same in the whole ball around it')
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
    .option('--bounds <spec>', 'strategy of each bound, in place of the cheapest exact one')
    .option(
      '--probability <p>',
      'bounds that hold with this probability in place of exact ones, from random sketches: 0.99',
      probability,
    )
    .option('--projections <k>', 'draws of each estimate, a power of two (default: 256)', drawsOfMean)
    .option('--estimators <m>', 'estimates of which the largest is taken (default: 1)', wholeNumber(1, 1000))
    .option('--batch <n>', 'examples at a time, at most (default: 8 to 32, by their number)', wholeNumber(1))
    .option(
      '--workers <n>',
      'threads that share the examples (default: one per core, fewer for few)',
      wholeNumber(1, 1024),
    )
    .option('--memory <size>', 'memory of the whole process (default: 1 GiB for each worker)', byteSize)
    .option('--backend <name>', 'native-gpu, native, webgpu, wasm or cpu (default: the fastest that loads)')
    .option('--attack', 'attack every example as well, and compare')
    .option('--steps <n>', 'steps of the attack', wholeNumber(1, 1_000_000), 20)
    .option('--restarts <n>', 'runs of the attack', wholeNumber(1, 1_000_000), 1)
    .option('--seed <n>', 'seed of the attack, and of the draws of --probability', wholeNumber(0), 0)
    .option('--save <file>', 'write J, logits, bounds, label and verdict of every example to a safetensors file')
    .option('--json', 'print one JSON object on standard output')
    .option('--fail-above <rate>', 'exit with 1 when the robust error is larger: 10%', share)
    .option('--claim', 'keep the figures in the folder of the run, with what is needed to find them again')
    .option('--check-claim', 'find the figures that the run claims again; exit with 1 when they are worse')
    .addHelpText(
      'after',
      '\nExample:\n  $ dualc certify mnist-small.arch.ts --run run --data digits --epsilon 0.1 --attack\n' +
        '  $ dualc certify mnist-small.arch.ts --run run --data digits --workers 4 --memory 6GiB',
    )
    .action(async (architecture, asked, command) => {
      const given = command.options
        .map(option => option.attributeName())
        .filter(name => command.getOptionValueSource(name) === 'cli');
      const { flags, claimed } = await flagsOfClaim(asked, given);
      const { checkWritable } = await import('../../runtime/files/write-file.ts');
      if (flags.save !== undefined) checkWritable(flags.save);
      const sizes = probabilitySizes(flags, { projections: '--projections', estimators: '--estimators' });
      const subject = await loadSubject(architecture, { ...flags, probability: sizes });
      if (claimed !== null) await requireClaimed(subject, claimed);
      if (isCascade(subject) && sizes !== undefined)
        throw new UsageError('--probability is of one network: what a cascade proves needs bounds that always hold');
      const found = isCascade(subject)
        ? await certifyCascadeSubject(subject, flags)
        : await certifySubject(subject, flags);
      if (flags.claim === true) await keepClaim(subject, flags, found);
      if (claimed !== null) judgeClaim(claimed, found);
    });
}

async function certifyCascadeSubject(subject: CascadeSubject, flags: CertifyFlags): Promise<Found> {
  const { saveCascade } = await import('../../runtime/cascade/save-cascade.ts');
  const { cascadeReport, cascadeTable } = await import('../../runtime/report/cascade-report.ts');
  const { attackStages, certifyStages } = await import('./cascade/evaluate-cascade.ts');
  const { withWorkers } = await import('./with-workers.ts');
  const { meta } = subject.model;
  const batch = await fittingBatch(subject, { ...flags, save: undefined });
  const { result, attack } = await withWorkers(subject, async workers => {
    const result = await certifyStages(subject, workers, batch);
    return { result, attack: flags.attack === true ? await attackStages(subject, workers, batch, flags) : null };
  });
  const facts = { ...subject, meta, result, attack };
  const report = cascadeReport(facts);
  sayResult(cascadeTable(facts));
  if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  if (flags.save !== undefined) {
    await saveCascade(flags.save, result, meta);
    say(`saved ${flags.save}`);
  }
  failAbove(report.robustError, flags);
  return result;
}

async function certifySubject(subject: Subject, flags: CertifyFlags): Promise<Found> {
  const { saveCertification } = await import('../../runtime/certify/save-certification.ts');
  const { certificationReport, certificationTable } = await import('../../runtime/report/certification-report.ts');
  const { withWorkers } = await import('./with-workers.ts');
  const { meta } = subject.model;
  const batch = await fittingBatch(subject, flags);
  const { result, attack } = await withWorkers(subject, async workers => {
    const result = await certifyExamples(subject, workers, batch, flags);
    return { result, attack: flags.attack === true ? await attackSubject(subject, workers, flags, batch) : null };
  });
  const facts = { ...subject, meta, result, attack };
  // Raises when a figure contradicts another: nothing is written then.
  const report = certificationReport(facts);
  sayResult(certificationTable(facts));
  if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
  // After the figures: a disk that is full takes nothing away from them.
  if (flags.save !== undefined) {
    await saveCertification(flags.save, result, meta);
    say(`saved ${flags.save}`);
  }
  failAbove(report.robustError, flags);
  return result;
}

function failAbove(robustError: number, { failAbove: most }: CertifyFlags): void {
  if (most === undefined || robustError <= most) return;
  sayResult(`the robust error, ${percent(robustError)}, is above ${percent(most)}`);
  process.exitCode = 1;
}

/** Examples at a time, as far as memory allows. Raises `InputError` or `EnvironmentError` when it does not hold one. */
async function fittingBatch(subject: Subject, flags: CertifyFlags): Promise<number> {
  const { chooseBatch } = await import('../../runtime/certify/choose-batch.ts');
  const { savedBytes } = await import('../../runtime/certify/save-certification.ts');
  const { memoryLimit, refuseLarge } = await import('./memory-limits.ts');
  const { memoryOfAll } = await import('./workers-option.ts');
  const { printBytes } = await import('../../runtime/report/print-bytes.ts');
  const { requireSoundBackend } = await import('../../runtime/backend/self-test.ts');
  const { model, examples, workers } = subject;
  await requireSoundBackend();
  const kept = flags.save === undefined ? 0 : savedBytes(model.meta, examples.labels.length);
  // Each of several workers is taken to be as large as this process, which is the larger: then their number changes no batch.
  const resident = process.memoryUsage.rss() + kept;
  const limit = memoryLimit(memoryOfAll(flags, workers), subject.backend, workers);
  refuseLarge(model.meta.certify, limit);
  if (resident > limit.bytes) {
    warn(
      `the program, the weights and the data take ${printBytes(resident)} already, more than ${limit.what}: it goes on with one example at a time`,
    );
  }
  return chooseBatch(model.meta.certify, { memory: limit.bytes, resident }, subject.batch);
}

async function certifyExamples(
  { model, params, examples, epsilon }: Subject,
  workers: Workers | null,
  batch: number,
  flags: CertifyFlags,
): Promise<Certification> {
  const { certify } = await import('../../runtime/certify/certify.ts');
  const { certifyByWorkers } = await import('../../runtime/workers/certify-by-workers.ts');
  const { showProgress } = await import('./show-progress.ts');
  const progress = showProgress({ total: examples.labels.length, unit: 'examples', lineSeconds: 10 });
  const onBatch = (done: number, errors: number): void =>
    progress.update(done, `robust error ${percent(errors / done)}`);
  // A plan that estimates nothing holds with certainty, whatever was asked for.
  const isDrawn = model.meta.certify.proof.kind === 'probability' && flags.probability !== undefined;
  if (flags.probability !== undefined && !isDrawn) say('no bound is estimated: all of them hold with certainty');
  const options = {
    ...{ epsilon, batch, onBatch },
    keepBounds: flags.save !== undefined,
    ...(isDrawn ? { probability: { seed: flags.seed } } : {}),
  };
  const result =
    workers === null
      ? await certify(model, params, examples, options)
      : await certifyByWorkers(workers, model, params, examples, options);
  progress.stop();
  return result;
}

async function attackSubject(
  subject: Subject,
  workers: Workers | null,
  flags: CertifyFlags,
  batch: number,
): Promise<AttackFacts> {
  const { runAttack } = await import('./attack.ts');
  return runAttack(subject, workers, { ...flags, batch });
}

const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;

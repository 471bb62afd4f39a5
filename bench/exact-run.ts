/**
 * Certificates against exact arithmetic: `npm run soundness:exact -- [--networks N] [--seed S] [--workers W] [--family NAME] [--backend B]`.
 * What is checked is said in docs/soundness.md. Exit 1, and the worst networks found, when something false is claimed.
 */

import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command, Option } from '@commander-js/extra-typings';
import { wholeNumber } from '../compiler/cli/number-options.ts';
import { selectBackend } from '../runtime/backend/select-backend.ts';
import { EnvironmentError } from '../runtime/errors.ts';
import { createProgress } from '../runtime/report/progress.ts';
import { families } from '../test/soundness/exact/draw-subject.ts';
import { answerBlock } from './exact/answer-block.ts';
import {
  type Answer,
  blockAt,
  blockCount,
  blockSize,
  climbs,
  codeFolders,
  effort,
  exactBackends,
  type Order,
} from './exact/setting.ts';
import { exactTable } from './exact/table.ts';
import { runBlocks, WorkerEndedError } from './soundness/run-blocks.ts';
import { OtherRunError, openRunLog } from './soundness/run-log.ts';

const options = new Command('soundness:exact')
  .description('check certificates against exact arithmetic, on networks built to break rounding')
  .option('--networks <count>', 'how many networks', wholeNumber(1), 10_000)
  .option('--seed <number>', 'what the networks are drawn from', wholeNumber(0), 1)
  .option('--workers <count>', 'processes at a time', wholeNumber(1), availableParallelism())
  .option('--family <name>', `only one of: ${families.join(', ')}`)
  .addOption(new Option('--backend <name>', 'what computes the claims').choices(exactBackends).default('wasm' as const))
  .option(
    '--block <number>',
    `only this block of ${blockSize} networks, in this process; a failing network is made small`,
    wholeNumber(0),
  )
  .option('--fresh', 'forget what an earlier run of the same seed has done')
  .parse()
  .opts();
const settings = {
  seed: options.seed,
  networks: options.networks,
  family: options.family ?? null,
  backend: options.backend,
};
/** Failures that are printed in full; a certificate that is wrong in one place is mostly wrong in many. */
const shown = 3;

try {
  if (settings.family !== null && !families.includes(settings.family))
    throw new OtherRunError(`no family is called ${settings.family}; there are ${families.join(', ')}`);
  // Here too, so that a backend that is not there is an error of this process and not of every worker.
  await selectBackend({ prefer: settings.backend, source: '--backend' });
  const answers =
    options.block === undefined ? await answersOfAll() : [await answerBlock(orderAt(options.block), true)];
  report(answers.sort((a, b) => a.number - b.number));
} catch (error) {
  const isExpected =
    error instanceof OtherRunError || error instanceof WorkerEndedError || error instanceof EnvironmentError;
  if (!isExpected) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}

function orderAt(number: number): Order {
  return { number, block: blockAt(number, settings), backend: settings.backend };
}

async function answersOfAll(): Promise<Answer[]> {
  const { seed, networks, family, backend } = settings;
  const name = `exact-${backend}-${seed}-${networks}${family === null ? '' : `-${family.replaceAll(/[^a-z]+/g, '-')}`}.jsonl`;
  const file = fileURLToPath(new URL(`../runs/soundness/${name}`, import.meta.url));
  if (options.fresh === true) rmSync(file, { force: true });
  const log = openRunLog<Answer>(file, { ...settings, blockSize, effort, climbs }, codeFolders);
  const answers = new Map(log.answers.map(answer => [answer.number, answer]));
  const orders = Array.from({ length: blockCount(networks) }, (_, number) => orderAt(number)).filter(
    ({ number }) => !answers.has(number),
  );
  const total = (count: 'networks' | 'failed' | 'refuted'): number =>
    [...answers.values()].reduce((sum, { tally }) => sum + tally[count], 0);
  const progress = createProgress({
    stream: process.stderr,
    total: networks,
    unit: 'networks',
    start: total('networks'),
    lineSeconds: 20,
  });
  if (answers.size > 0) progress.line(`going on after ${total('networks')} networks of an earlier run`);
  const worker = fileURLToPath(new URL('./exact/worker.ts', import.meta.url));
  await runBlocks<Order, Answer>(worker, orders, options.workers, answer => {
    log.append(answer);
    answers.set(answer.number, answer);
    progress.update(total('networks'), `${total('failed')} failed, ${total('refuted')} with a false certificate`);
    return 'go on';
  }).finally(() => progress.stop());
  return [...answers.values()];
}

function report(answers: readonly Answer[]): void {
  const failures = answers.filter(({ failure }) => failure !== null);
  for (const { number, failure } of failures
    .toSorted((a, b) => Number(b.isRefuted) - Number(a.isRefuted))
    .slice(0, shown)) {
    const own = `${settings.family === null ? '' : ` --family '${settings.family}'`} --backend ${settings.backend}`;
    const again = `npm run soundness:exact -- --seed ${settings.seed} --networks ${settings.networks}${own} --block ${number}`;
    process.stdout.write(`Something false is claimed. ${again} makes it small:\n\n${failure}\n`);
  }
  process.stdout.write(`${exactTable(answers)}\n`);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

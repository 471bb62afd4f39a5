/**
 * Soundness on many random networks: `npm run soundness -- [--networks N] [--seed S] [--workers W]`.
 * What is checked is said in docs/soundness.md. Exit 1 and the smallest failing network found when a bound does not hold.
 */

import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Command } from '@commander-js/extra-typings';
import { wholeNumber } from '../compiler/cli/number-options.ts';
import { createProgress } from '../runtime/report/progress.ts';
import { checkBlock } from '../test/soundness/check-block.ts';
import { gapsIn } from '../test/soundness/coverage.ts';
import { addTallies, emptyTally } from '../test/soundness/tally.ts';
import { runBlocks, WorkerEndedError } from './soundness/run-blocks.ts';
import { OtherRunError, openRunLog } from './soundness/run-log.ts';
import { type Answer, blockAt, blockCount, blockSize, codeFolders, effort, type Order } from './soundness/setting.ts';
import { soundnessTable } from './soundness/table.ts';

const options = new Command('soundness')
  .description('check that no point of a ball leaves a certified bound, on random networks')
  .option('--networks <count>', 'how many networks', wholeNumber(1), 10_000)
  .option('--seed <number>', 'what the networks are drawn from', wholeNumber(0), 1)
  .option('--workers <count>', 'processes at a time', wholeNumber(1), availableParallelism())
  .option('--block <number>', `only this block of ${blockSize} networks, in this process`, wholeNumber(0))
  .option('--fresh', 'forget what an earlier run of the same seed has done')
  .parse()
  .opts();

/** So many networks fill every cell of the coverage. */
const enoughForAll = 1000;

const workerFile = fileURLToPath(new URL('./soundness/worker.ts', import.meta.url));

try {
  process.exitCode = options.block === undefined ? await runAll() : runOne(options.block);
} catch (error) {
  if (!(error instanceof OtherRunError || error instanceof WorkerEndedError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 2;
}

function runOne(number: number): number {
  const { failure, tally } = checkBlock(blockAt(number, options));
  process.stdout.write(failure === null ? `${tally.networks} networks hold\n` : failed(number, failure));
  return failure === null ? 0 : 1;
}

async function runAll(): Promise<number> {
  const { seed, networks, workers } = options;
  const file = fileURLToPath(new URL(`../runs/soundness/seed-${seed}-${networks}.jsonl`, import.meta.url));
  if (options.fresh === true) rmSync(file, { force: true });
  const log = openRunLog<Answer>(file, { seed, networks, blockSize, effort }, codeFolders);
  const answers = new Map(log.answers.filter(({ failure }) => failure === null).map(answer => [answer.number, answer]));
  const orders = Array.from(
    { length: blockCount(networks) },
    (_, number): Order => ({
      number,
      block: blockAt(number, options),
    }),
  ).filter(({ number }) => !answers.has(number));
  const networksDone = (): number => [...answers.values()].reduce((sum, { tally }) => sum + tally.networks, 0);
  const progress = createProgress({
    stream: process.stderr,
    total: networks,
    unit: 'networks',
    start: networksDone(),
    lineSeconds: 20,
  });
  if (answers.size > 0) progress.line(`going on after ${networksDone()} networks of an earlier run`);
  let broken: Answer | undefined;
  await runBlocks<Order, Answer>(workerFile, orders, workers, answer => {
    log.append(answer);
    answers.set(answer.number, answer);
    if (answer.failure !== null) broken ??= answer;
    progress.update(networksDone(), `worst excess ${worstExcess().toPrecision(2)} of the allowed rounding`);
    return answer.failure === null ? 'go on' : 'stop';
  }).finally(() => progress.stop());
  if (broken !== undefined) {
    process.stdout.write(failed(broken.number, broken.failure ?? ''));
    return 1;
  }
  // In the order of the blocks, so that the sums do not depend on who was first.
  const all = [...answers.values()].sort((a, b) => a.number - b.number);
  const tally = all.reduce((sum, answer) => addTallies(sum, answer.tally), emptyTally);
  const seconds = all.reduce((sum, answer) => sum + answer.seconds, 0);
  process.stdout.write(`${soundnessTable({ tally, seed, code: log.code, seconds })}\n`);
  const { empty, unexpected } = gapsIn(tally.coverage);
  for (const cell of empty) process.stdout.write(`no bound: ${cell}\n`);
  for (const cell of unexpected) process.stdout.write(`said to be impossible: ${cell}\n`);
  // Few networks leave rare cells empty.
  return unexpected.length === 0 && (empty.length === 0 || networks < enoughForAll) ? 0 : 1;

  function worstExcess(): number {
    return Math.max(...[...answers.values()].map(answer => answer.tally.worstExcess));
  }
}

function failed(number: number, failure: string): string {
  const again = `npm run soundness -- --seed ${options.seed} --networks ${options.networks} --block ${number}`;
  return `A bound does not hold. ${again} shows it again:\n\n${failure}\n`;
}

/** `dualc bench`: how long every function of a module takes, by strategy, and whether it takes what the compiler said. */

import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import type { Settings } from '../1-frontend/apply-settings.ts';
import type { BenchReport } from './bench/bench-report.ts';
import { byteSize, positive, wholeNumber, wholeNumbers } from './number-options.ts';
import { pathWord } from './pasted-command.ts';
import { sayResult } from './say.ts';
import { setting, settingsHelp, settingWords } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';

interface BenchFlags {
  readonly weights?: string | undefined;
  readonly data?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly epsilon?: number | undefined;
  readonly batch: readonly number[];
  readonly backend?: string | undefined;
  readonly strategies?: string | undefined;
  readonly repeat: number;
  readonly memory: number;
  readonly longest: number;
  readonly projections: number;
  readonly seed: number;
  readonly clock: 'wall' | 'processor';
  readonly json?: true | undefined;
  readonly set?: Settings | undefined;
}

export function benchCommand(): CommandUnknownOpts {
  return new Command('bench')
    .description('measure time and memory of every strategy, beside what the compiler foretells')
    .argument('<arch>', 'architecture file')
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .option('--weights <file>', 'weights, a safetensors file (default: first weights)')
    .option('--data <dataset>', 'images of a dataset, as in certify (default: random ones)')
    .option('--data-dir <folder>', 'where datasets are looked for first')
    .option(
      '--epsilon <radius>',
      "radius of the ball in the units of the input (default: the architecture's)",
      positive,
    )
    .option('--batch <n,…>', 'examples at a time, one or several sizes', wholeNumbers(1), [1, 16])
    .option(
      '--backend <names>',
      'native-gpu, native, webgpu, wasm or cpu, several with commas, or all but cpu: all (default: the fastest that loads)',
    )
    .option(
      '--strategies <names>',
      'some of scheduled, backward, patches, interval, crown, best, to certify; natural, interval, sketch, sketch:per-layer, exact, to train',
    )
    .option('--repeat <n>', 'rounds: in each, every row once', wholeNumber(1), 5)
    .option('--memory <size>', 'memory of the whole process: rows that need more are refused', byteSize, 2 ** 30)
    .option('--longest <seconds>', 'rows that are foretold to take longer a call are refused', positive, 20)
    .option('--projections <k>', 'columns of a sketch', wholeNumber(2, 10_000), 10)
    .option('--seed <n>', 'seed of first weights and random images', wholeNumber(0), 0)
    .addOption(
      new Option(
        '--clock <kind>',
        'wall: what one waits; processor: what all threads of the process took together, for a machine that others use',
      )
        .choices(['wall', 'processor'] as const)
        .default('wall' as const),
    )
    .option('--json', 'print one JSON object on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dualc bench mnist-small.arch.ts\n  $ dualc bench mnist-small.arch.ts --weights run/weights.safetensors --data digits --strategies scheduled,interval --batch 1,16,64',
    )
    .action(async (architecture, flags) => {
      const report = await benchReport(architecture, flags);
      const { benchTable } = await import('./bench/bench-table.ts');
      sayResult(benchTable(report));
      if (flags.json === true) process.stdout.write(`${JSON.stringify(report)}\n`);
      if (!report.complete) process.exitCode = 130;
    });
}

async function benchReport(architecture: string, flags: BenchFlags): Promise<BenchReport> {
  const { readStrategies } = await import('./bench/strategies.ts');
  const strategies = readStrategies(flags.strategies);
  const { benchBackends, readBackends } = await import('./bench/backend-processes.ts');
  const names = flags.backend === undefined ? [] : readBackends(flags.backend);
  if (names.length > 1)
    return withInterrupts(() => benchBackends(names, [pathWord(architecture), ...argumentsOf(flags)]));
  const { benchArchitecture } = await import('./bench/bench-architecture.ts');
  return withInterrupts(signal =>
    benchArchitecture(architecture, { ...flags, batches: flags.batch, rounds: flags.repeat, strategies, signal }),
  );
}

/** The first Ctrl-C ends the rounds, the second the process. Processes of this one hear it as well. */
async function withInterrupts<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
    sayResult('stopping after this call; again to quit at once');
  };
  process.on('SIGINT', onSignal);
  try {
    return await act(stop.signal);
  } finally {
    process.off('SIGINT', onSignal);
  }
}

/** The options of this run again, for a process that benches one backend. */
const argumentsOf = ({ backend: _, json: __, set, ...flags }: BenchFlags): string[] => [
  ...settingWords(set),
  ...Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`, String(value)],
  ),
];

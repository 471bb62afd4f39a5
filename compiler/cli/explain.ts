/** `dualc explain`: what the compiler makes of an architecture, or what a diagnostic means. */
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { scheduleOptions } from './compile-options.ts';
import { byteSize, wholeNumber } from './number-options.ts';
import { drawsOfMean, probability } from './probability-options.ts';
import { ratesHelp } from './rates/rates-help.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';

export function explainCommand(): CommandUnknownOpts {
  return new Command('explain')
    .description(
      'show the graph, the dual network and the schedules of an architecture; or explain a diagnostic by its code',
    )
    .argument('<arch-or-code>', 'architecture file, or a code such as add-shape-mismatch')
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .option('--bounds <spec>', 'as in compile')
    .option('--projections <k>', 'columns of a sketch', wholeNumber(2, 10_000), 10)
    .addOption(
      new Option('--estimator <name>', "reads a sketch's scale")
        .choices(['ml', 'median', 'geometric'] as const)
        .default('ml' as const),
    )
    .option(
      '--probability <p>',
      'certify with bounds that hold with this probability, from sketches: 0.99',
      probability,
    )
    .option('--certify-projections <k>', 'draws of each estimate, a power of two (default: 256)', drawsOfMean)
    .option('--certify-estimators <m>', 'estimates of which the largest is taken (default: 1)', wholeNumber(1, 1000))
    .option('--memory <size>', 'what the tensors of one call may take', byteSize, 2 ** 29)
    .option('--batch <n>', 'examples that the memory is meant for', wholeNumber(1))
    .option('--rates <source>', ratesHelp, 'wasm')
    .option('--graph', 'the graph only')
    .option('--dual', 'the dual network only')
    .option('--schedule', 'the schedules only')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dualc explain mnist-small.arch.ts\n  $ dualc explain --schedule cifar-resnet.arch.ts\n  $ dualc explain kernel-too-large',
    )
    .action(async (subject, flags) => {
      const { explainArchitecture, explainDiagnostic } = await import('./explain-architecture.ts');
      if (!subject.endsWith('.ts')) {
        process.stdout.write(explainDiagnostic(subject));
        return;
      }
      if (/\.dual\.ts$/.test(subject)) {
        const { InputError } = await import('../../runtime/errors.ts');
        throw new InputError(
          `${subject} is a module that dualc compiled: give the architecture that it was compiled from`,
        );
      }
      const all = flags.graph !== true && flags.dual !== true && flags.schedule !== true;
      const shown = {
        graph: all || flags.graph === true,
        dual: all || flags.dual === true,
        schedule: all || flags.schedule === true,
      };
      process.stdout.write(explainArchitecture(subject, await scheduleOptions(flags), shown, flags.set));
    });
}

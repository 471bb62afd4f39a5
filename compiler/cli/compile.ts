/** `dualc compile`: an architecture file to a module. */
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { commandLine, printedForms, scheduleOptions } from './compile-options.ts';
import { byteSize, wholeNumber } from './number-options.ts';
import { drawsOfMean, probability } from './probability-options.ts';
import { ratesHelp } from './rates/rates-help.ts';
import { say } from './say.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';

export function compileCommand(): CommandUnknownOpts {
  return new Command('compile')
    .description('compile an architecture file to a module that certifies and trains its network')
    .argument('<arch>', 'architecture file, NAME.arch.ts')
    .option('-o, --output <file>', 'the module (default: NAME.dual.ts beside the architecture)')
    .addOption(
      new Option('--emit <language>', 'ts, or js with a .d.ts beside it')
        .choices(['ts', 'js'] as const)
        .default('ts' as const),
    )
    .addOption(
      new Option('--check', 'write nothing; exit 1 when the file on disk is not what would be written').conflicts([
        'watch',
        'dump',
      ]),
    )
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .option('--watch', 'compile again whenever the architecture or a file it imports changes')
    .option('--json', 'diagnostics and the written files as one object on standard output')
    .optionsGroup('Schedule:')
    .option(
      '--bounds <spec>',
      '[certify:|train:][LAYER=]STRATEGY, separated by commas: exact, closed-form, backward, patches, interval, sketch, sketch:per-layer (of the paper)',
    )
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
    .option('--batch <n>', 'examples that the memory is meant for (default: 8 to certify, 50 to train)', wholeNumber(1))
    .option('--rates <source>', ratesHelp, 'wasm')
    .optionsGroup('Looking inside:')
    .option('--dump <folder>', 'write every intermediate form, one file each')
    .addOption(
      new Option('--print <form>', 'print one of them on standard output, and write no module')
        .choices(printedForms)
        .conflicts(['output', 'check', 'watch', 'json', 'dump']),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ dualc compile mnist-small.arch.ts\n  $ dualc compile mnist-small.arch.ts --bounds train:interval --dump out',
    )
    .action(async (architecture, flags, command) => {
      const given = command.options
        .map(option => option.attributeName())
        .filter(name => command.getOptionValueSource(name) === 'cli');
      const { compileToFiles } = await import('./compile-to-files.ts');
      const request = {
        architecture,
        output: flags.output,
        settings: flags.set,
        language: flags.emit,
        schedule: await scheduleOptions(flags),
        command: commandLine(architecture, flags, given),
        check: flags.check === true,
        dump: flags.dump,
        print: flags.print,
        json: flags.json === true,
        memoryAsked: given.includes('memory'),
      };
      if (flags.watch !== true) {
        process.exitCode = (await compileToFiles(request)) ? 0 : 1;
        return;
      }
      const { watchArchitecture } = await import('./watch-architecture.ts');
      say(`watching ${architecture} and what it imports; Ctrl-C ends`);
      await watchArchitecture(request);
    });
}

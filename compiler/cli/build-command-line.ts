/** The commands and their help. No module that this file imports loads TensorFlow.js or ts-morph before a command runs. */
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { visibleLines } from '../shared/visible-text.ts';
import { version } from '../version.ts';
import { attackCommand } from './attack.ts';
import { benchCommand } from './bench.ts';
import { certifyCommand } from './certify.ts';
import { compileCommand } from './compile.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { predictCommand } from './predict.ts';
import { setupCommand } from './setup.ts';
import { refuseRepeatedOptions } from './single-options.ts';
import { trainCommand } from './train.ts';
import { setQuiet } from './verbosity.ts';

const examples = `
Examples:
  $ dualc compile mnist-small.arch.ts                  the module mnist-small.dual.ts
  $ dualc train mnist-small.arch.ts --data digits --epsilon 0.1 --out run
  $ dualc certify mnist-small.arch.ts --run run --data digits --epsilon 0.1

Exit codes: 0 done; 1 the input is at fault, or a check failed; 2 the command line is at fault;
3 the machine is at fault (no backend, a missing package); 70 a bug in dualc.`;

const groups: readonly (readonly [string, readonly (() => CommandUnknownOpts)[]])[] = [
  ['Compiling:', [compileCommand, explainCommand]],
  ['Training and proving:', [trainCommand, certifyCommand, predictCommand, attackCommand]],
  ['Weights and the machine:', [importCommand, doctorCommand, benchCommand, setupCommand]],
];

/** The whole command line. It throws `CommanderError` instead of leaving the process. */
export function buildCommandLine(): CommandUnknownOpts {
  const program = new Command('dualc')
    .description('Compiles a neural-network architecture into TensorFlow.js code that proves the network robust.')
    .usage('<command> [options]')
    .version(version, '-V, --version', 'print the version')
    .option('--quiet', 'say nothing but results, warnings and errors')
    .option('--no-color', 'no colours, as with the variable NO_COLOR')
    .option('--debug', 'show where in dualc an error arose')
    .helpOption('-h, --help', 'show this help; after a command, that of the command')
    .helpCommand(false)
    .addHelpText('after', examples)
    .showHelpAfterError('(--help shows what there is)')
    .showSuggestionAfterError()
    .configureOutput({ outputError: (text, write) => write(visibleLines(text)) })
    .configureHelp({ showGlobalOptions: true })
    .exitOverride();
  program.hook('preAction', () => applyGlobalOptions(program.opts()));
  refuseRepeatedOptions(program);
  for (const [heading, commands] of groups) {
    for (const build of commands) {
      const command = build();
      command.copyInheritedSettings(program);
      refuseRepeatedOptions(command);
      command.helpGroup(heading);
      program.addCommand(command);
    }
  }
  return program;
}

function applyGlobalOptions({ quiet, color }: { readonly quiet?: true | undefined; readonly color: boolean }): void {
  setQuiet(quiet === true);
  if (color) return;
  process.env.NO_COLOR = '1';
  // It would win over NO_COLOR.
  delete process.env.FORCE_COLOR;
}

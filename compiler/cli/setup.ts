/** `dualc setup`: what makes dualc faster and does not come with its installation. */
import { Argument, Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';

export function setupCommand(): CommandUnknownOpts {
  return new Command('setup')
    .description(
      'build TensorFlow as a backend of dualc, by your own pip, npm and C++ compiler, in a folder for all your projects (Linux, x64)',
    )
    .addArgument(new Argument('<part>', 'what to set up').choices(['native'] as const))
    .option('--gpu', 'for GPUs of NVIDIA, in place of the CPU')
    .option('--check', 'change nothing: compare every file with what was built, load it, and let it compute')
    .addOption(
      new Option('--remove', 'remove what was built, and downloads of a setup that did not end').conflicts('check'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ dualc setup native\n  $ dualc setup native --check\n  $ dualc setup native --remove',
    )
    .action(async (_part, { gpu, check, remove }) => {
      const variant = gpu === true ? 'gpu' : 'cpu';
      if (check === true) return (await import('./setup/check-native.ts')).checkNative(variant);
      if (remove === true) return (await import('./setup/remove-native.ts')).removeNative(variant);
      return (await import('./setup/set-up-native.ts')).setUpNative(variant);
    });
}

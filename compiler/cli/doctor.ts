/** `dualc doctor`: what dualc computes with on this machine, and whether it computes right. */
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { visibleLines } from '../shared/visible-text.ts';
import { exitCodes } from './exit-codes.ts';

export function doctorCommand(): CommandUnknownOpts {
  return new Command('doctor')
    .description('show which backend computes and why, test it, and show where datasets are looked for')
    .option('--backend <name>', 'native-gpu, native, wasm or cpu (default: the fastest that loads)')
    .option('--data-dir <folder>', 'where datasets are looked for first')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExamples:\n  $ dualc doctor\n  $ dualc doctor --backend cpu --json')
    .action(async ({ backend, dataDir, json }) => {
      const { examineMachine } = await import('./examine-machine.ts');
      const findings = await examineMachine({ backend, dataDir });
      if (json === true) process.stdout.write(`${JSON.stringify({ schema: 1, ...findings })}\n`);
      else process.stdout.write(visibleLines((await import('./print-findings.ts')).printFindings(findings)));
      if (!findings.sound) process.exitCode = exitCodes.environment;
    });
}

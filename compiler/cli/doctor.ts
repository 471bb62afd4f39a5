/** `dualc doctor`: what dualc computes with on this machine, and whether it computes right. */
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { visibleLines } from '../shared/visible-text.ts';
import { exitCodes } from './exit-codes.ts';
import { sayResult } from './say.ts';

export function doctorCommand(): CommandUnknownOpts {
  return new Command('doctor')
    .description(
      'show which backends there are, how fast they are, which one computes and whether it computes right, and where datasets are looked for',
    )
    .option('--backend <name>', 'native-gpu, native, webgpu, wasm or cpu (default: the fastest that loads)')
    .option('--data-dir <folder>', 'where datasets are looked for first')
    .option('--no-measure', 'leave out how fast the backends are')
    .addOption(
      new Option(
        '--calibrate',
        'measure how long single operations take, a minute, for compile --rates calibrated:BACKEND; nothing else',
      ).conflicts(['dataDir']),
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dualc doctor\n  $ dualc doctor --no-measure\n  $ dualc doctor --calibrate --backend native\n  $ dualc doctor --backend cpu --json',
    )
    .action(async ({ backend, dataDir, measure, calibrate, json }) => {
      if (calibrate === true) return calibrateBackend(backend, json === true);
      const { examineMachine } = await import('./doctor/examine-machine.ts');
      const { showProgress } = await import('./show-progress.ts');
      const { backendNames } = await import('../../runtime/backend/backend-name.ts');
      // On a terminal only: elsewhere it is quicker than anybody could read.
      const progress = showProgress({
        total: backendNames.length,
        unit: 'backends',
        lineSeconds: Number.POSITIVE_INFINITY,
      });
      const onBackend = (name: string, done: number): void => progress.update(done, name);
      const findings = await examineMachine({ backend, dataDir, measure, onBackend });
      progress.stop();
      if (json === true) process.stdout.write(`${JSON.stringify({ schema: 1, ...findings })}\n`);
      else process.stdout.write(visibleLines((await import('./doctor/print-findings.ts')).printFindings(findings)));
      if (!findings.sound) process.exitCode = exitCodes.environment;
    });
}

async function calibrateBackend(backend: string | undefined, json: boolean): Promise<void> {
  const { calibrate } = await import('./doctor/calibrate.ts');
  const { file, calibration } = await calibrate(backend);
  sayResult(`kept in ${file}: --rates calibrated:${calibration.backend} of compile and explain uses it`);
  if (json) process.stdout.write(`${JSON.stringify({ ...calibration, file })}\n`);
}

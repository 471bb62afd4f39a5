/** `dualc predict`: the class of each example, and whether it is certified. */
import { Command, type CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { cascadeRules } from '../../runtime/cascade/cascade.ts';
import type { Prediction } from '../../runtime/cascade/predict.ts';
import type { Workers } from '../../runtime/workers/start-workers.ts';
import { loadSubject, type Subject } from './evaluation-subject.ts';
import { byteSize, positive, range, wholeNumber } from './number-options.ts';
import { sayResult } from './say.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';
import { cascadeRuleHelp, fileList, thresholdList, thresholdsHelp, weightsHelp } from './weight-options.ts';

export function predictCommand(): CommandUnknownOpts {
  return new Command('predict')
    .description('print the class of each example, and whether it is certified in the whole ball around it')
    .argument('<arch>', 'architecture file, or a module compiled from one')
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .addOption(mayRepeat(new Option('--weights <file>', weightsHelp).argParser(fileList)))
    .option('--run <folder>', 'a finished training run, or a cascade, instead of --weights')
    .addOption(new Option('--cascade-rule <rule>', cascadeRuleHelp).choices(cascadeRules))
    .option('--thresholds <margins>', thresholdsHelp, thresholdList)
    .option('--data <dataset>', 'digits, two-moons, mnist, fashion-mnist, cifar10, or a folder of IDX or CIFAR files')
    .option('--inputs <file>', 'a safetensors file with x, instead of --data')
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
    .option('--batch <n>', 'examples at a time, at most (default: 8 to 32, by their number)', wholeNumber(1))
    .option(
      '--workers <n>',
      'threads that share the examples (default: one per core, fewer for few)',
      wholeNumber(1, 1024),
    )
    .option('--memory <size>', 'memory of the whole process (default: 1 GiB for each worker)', byteSize)
    .option('--backend <name>', 'native-gpu, native, webgpu, wasm or cpu (default: the fastest that loads)')
    .option('--json', 'print one JSON object per line instead of CSV')
    .addHelpText(
      'after',
      '\nStandard output has a line for each example: its number, the class, the stage that certifies it in the whole ball\n' +
        '(1 for a single network, 0 for none: then the class is a guess), and its least margin there.\n' +
        '\nExample:\n  $ dualc predict mnist-small.arch.ts --run cascade --inputs images.safetensors --epsilon 0.3 > answers.csv',
    )
    .action(async (architecture, flags) => {
      const subject = await loadSubject(architecture, { ...flags, needsLabels: false });
      const { withWorkers } = await import('./with-workers.ts');
      const predictions = await withWorkers(subject, workers => predict(subject, workers));
      print(predictions, flags.json === true);
      const certified = predictions.filter(({ stage }) => stage !== null).length;
      sayResult(`${certified} of ${predictions.length} certified`);
    });
}

async function predict(subject: Subject, workers: Workers | null): Promise<Prediction[]> {
  const { answerInTurn } = await import('../../runtime/cascade/predict.ts');
  const { checkStages, stageVerdicts, tensorsOfStages } = await import('../../runtime/cascade/certify-cascade.ts');
  const { stageVerdictsByWorkers } = await import('../../runtime/workers/cascade-by-workers.ts');
  const { showProgress } = await import('./show-progress.ts');
  const { model, params, examples, epsilon, batch } = subject;
  // One network is a cascade of one stage.
  const stages = subject.cascade ?? { model, params: [params], cascade: undefined };
  const { cascade, ...checked } = await checkStages(stages, examples, { epsilon, batch }, stages.cascade);
  const progress = showProgress({ total: examples.labels.length, unit: 'examples', lineSeconds: 10 });
  const predictions = await answerInTurn(stages, cascade, examples, async (stage, open) => {
    const answered = examples.labels.length - open.labels.length;
    const options = {
      ...checked,
      onBatch: (done: number): void => progress.update(answered + done, `stage ${stage + 1}`),
    };
    const { verdicts } =
      workers === null
        ? await stageVerdicts(model, stages.params[stage]!, open, options, tensorsOfStages(stages))
        : await stageVerdictsByWorkers(workers, model.meta, stage, open, options);
    return verdicts;
  });
  progress.stop();
  return predictions;
}

function print(predictions: readonly Prediction[], asJson: boolean): void {
  const lines = predictions.map(({ class: predicted, stage, margin }, example) =>
    asJson
      ? JSON.stringify({
          example,
          class: predicted,
          certified: stage !== null,
          stage: stage === null ? 0 : stage + 1,
          margin,
        })
      : [example, predicted, stage === null ? 0 : stage + 1, margin ?? ''].join(','),
  );
  process.stdout.write(`${[...(asJson ? [] : ['example,class,stage,margin']), ...lines].join('\n')}\n`);
}

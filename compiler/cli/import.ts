/** `dualc import`: weights of another framework, for an architecture, to the format that dualc reads. */
import { Command, type CommandUnknownOpts, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { ImportedWeights } from '../../runtime/import/import-from.ts';
import { wholeNumber } from './number-options.ts';
import { say } from './say.ts';
import { setting, settingsHelp } from './settings-option.ts';
import { mayRepeat } from './single-options.ts';

export function importCommand(): CommandUnknownOpts {
  return new Command('import')
    .description(
      'convert a PyTorch checkpoint or a safetensors file to weights of an architecture; executes nothing in it',
    )
    .argument('<file>', 'checkpoint of torch.save (either format), or a safetensors file')
    .option('--arch <arch>', 'architecture file, or a module compiled from one (required)')
    .addOption(mayRepeat(new Option('--set <name=value>', settingsHelp).argParser(setting)))
    .addOption(
      new Option('--layout <layout>', 'how the file orders its weights (required)').choices([
        'pytorch',
        'tfjs',
      ] as const),
    )
    .option('-o, --output <file>', 'safetensors file to write (required)')
    .addOption(
      mayRepeat(
        new Option(
          '--map <old=new>',
          'tensor or layer of the file = parameter or layer of the network; may be repeated',
        ),
      ).argParser(mapping),
    )
    .option('--stage <n>', 'which one, when the file holds a list of networks', wholeNumber(1))
    .option('--json', 'print the mapping as one JSON object on standard output')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ dualc import model.pth --arch mnist-small.arch.ts --layout pytorch -o weights.safetensors\n' +
        '  $ dualc import model.pth --arch net.arch.ts --layout pytorch --map fc2=dense1 --map fc3=logits -o weights.safetensors',
    )
    .action(async (file, { arch, layout, output, map, stage, json, set }, command) => {
      // Not left to commander: it would speak of these before it spoke of a misspelt option.
      if (arch === undefined) return missing(command, '--arch <arch>');
      if (layout === undefined) return missing(command, '--layout <layout>');
      if (output === undefined) return missing(command, '--output <file>');
      const { loadModel } = await import('./load-model.ts');
      const { importWeights } = await import('../../runtime/import/import-weights.ts');
      const { saveWeights } = await import('../../runtime/weights/save-weights.ts');
      const { meta } = await loadModel(arch, { settings: set });
      const imported = await importWeights(file, meta, { layout, map, stage });
      await saveWeights(output, imported.weights, meta, layout);
      say(await mappingTable(imported));
      for (const note of imported.notes) say(`note: ${note}`);
      say(`read ${file} (${imported.format}), saved ${output}`);
      if (json === true) process.stdout.write(`${JSON.stringify(importReport(file, output, layout, imported))}\n`);
    });
}

const missing = (command: { error: CommandUnknownOpts['error'] }, option: string): never =>
  command.error(`error: required option '${option}' not specified`, { exitCode: 2 });

/** `--map old=new`, collected over its uses. */
function mapping(text: string, earlier: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [old, target, ...more] = text.split('=');
  if (!old || !target || more.length > 0) throw new InvalidArgumentError('It has the form old=new.');
  if (Object.hasOwn(earlier, old)) throw new InvalidArgumentError(`${old} is mapped twice.`);
  return { ...earlier, [old]: target };
}

async function mappingTable({ mapping: rows }: ImportedWeights): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['in the file', 'shape', 'in the network', 'shape'],
    style: { head: [], border: [] },
  });
  for (const { from, fromShape, to, toShape } of rows)
    table.push([from, fromShape.join(' × '), to, toShape.join(' × ')]);
  return table.toString();
}

/** What `--json` prints; version 1. */
function importReport(
  file: string,
  output: string,
  layout: string,
  { format, mapping: rows, notes }: ImportedWeights,
): object {
  return { schemaVersion: 1, file, format, layout, output, mapping: rows, notes };
}

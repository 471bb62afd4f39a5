/** `dualc train --preset NAME`. */
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import type { ModelMeta } from '../../../runtime/contract.ts';
import { nearestName } from '../../diagnostics/did-you-mean.ts';
import { UsageError } from '../usage-error.ts';
import type { Preset } from './preset.ts';
import { table2 } from './table-2.ts';
import { table3 } from './table-3.ts';
import { table4 } from './table-4.ts';

export const presets: readonly Preset[] = [...table2, ...table3, ...table4];

/** Raises `UsageError` for a name that there is not. */
export function findPreset(name: string): Preset {
  const found = presets.find(preset => preset.name === name);
  if (found !== undefined) return found;
  const names = presets.map(preset => preset.name);
  const near = nearestName(name, names);
  throw new UsageError(
    `--preset: there is no '${name}'${near === null ? '' : `; did you mean ${near}?`} There are ${names.join(', ')}`,
  );
}

/** Sets the options of a preset that the command line leaves open. */
export function applyPreset(command: CommandUnknownOpts, { options }: Preset): void {
  for (const [name, value] of Object.entries(options)) {
    if (command.getOptionValueSource(name) !== 'cli') command.setOptionValueWithSource(name, value, 'config');
  }
}

/** A sentence where the network is not that of the preset; null where it is, or where the paper does not say how large it is. */
export function presetMismatch(
  { name, architecture, parameters }: Preset,
  { source, ...meta }: ModelMeta,
): string | null {
  const count = meta.parameters
    .filter(({ kind }) => kind === 'trained')
    .reduce((sum, { shape }) => sum + shape.reduce((product, dim) => product * dim, 1), 0);
  if (parameters === null || count === parameters) return null;
  return (
    `the preset ${name} is of ${architecture}.arch.ts, with ${parameters.toLocaleString('en')} parameters; ${source} has ` +
    `${count.toLocaleString('en')}: this is not the paper's experiment`
  );
}

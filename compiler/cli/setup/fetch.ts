/** What a setup downloads, by the user's own pip and npm: whatever index, proxy or mirror they are set to use is used. */
import path from 'node:path';
import { EnvironmentError } from '../../../runtime/errors.ts';
import { makeFolder } from '../../../runtime/files/folders.ts';
import { keepDownload, watchGrowth } from './downloads.ts';
import { type Recipe, wheelOptions } from './recipe.ts';
import { complaintOf, runProgram } from './run-program.ts';
import type { Steps } from './steps.ts';
import type { Tools } from './tools.ts';
import type { Workplace } from './workplace.ts';

/** TensorFlow's wheel. pip compares it with the hash that the index gives. */
export function fetchWheel(place: Workplace, { pip }: Tools, recipe: Recipe, steps: Steps): Promise<string> {
  return keepDownload(place, wheelName, '.whl', async folder => {
    // Its temporary files lie beside the download: what is free there was looked at, and their growth shows how far it is.
    const temporary = path.join(folder, 'tmp');
    await makeFolder(temporary);
    const options = ['--no-input', '--disable-pip-version-check', '--no-cache-dir', '--progress-bar', 'off'];
    const command = [...pip, 'download', ...options, ...wheelOptions, '--dest', folder, recipe.wheel];
    const run = () => runProgram(command, { TMPDIR: temporary });
    const ended = await watchGrowth(folder, recipe.wheelBytes, steps.advance, run);
    if (ended?.code === 0) return;
    throw new EnvironmentError(
      `${pip.join(' ')} could not fetch ${recipe.wheel}: ${complaintOf(ended, /^\s*ERROR/).trimStart()}`,
    );
  });
}

/** A package of npm. npm compares it with the hash that the registry gives. */
export function fetchPackage(place: Workplace, { npm }: Tools, specifier: string): Promise<string> {
  return keepDownload(place, specifier.replaceAll(/[@/]/g, '_'), '.tgz', async folder => {
    const options = ['--ignore-scripts', '--loglevel=error', '--pack-destination', folder];
    const ended = await runProgram([...npm, 'pack', specifier, ...options]);
    if (ended?.code === 0) return;
    throw new EnvironmentError(
      `npm could not fetch ${specifier}: ${complaintOf(ended, /^npm (error|ERR!) (?!A complete log)/).trimStart()}`,
    );
  });
}

export const wheelName = 'wheel';

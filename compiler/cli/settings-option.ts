/** `--set NAME=VALUE`, as often as there are constants to set. */
import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Settings } from '../1-frontend/apply-settings.ts';

export const settingsHelp = 'another value for a constant at the top of the architecture file: k=4';

/** Adds to those given before. */
export function setting(text: string, before: Settings | undefined): Settings {
  const at = text.indexOf('=');
  const name = text.slice(0, at).trim();
  if (at < 1 || !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
    throw new InvalidArgumentError('It must be the name of a constant and its value, such as k=4.');
  }
  if (before !== undefined && Object.hasOwn(before, name)) {
    throw new InvalidArgumentError(`${name} is set twice: set it once.`);
  }
  return { ...before, [name]: text.slice(at + 1) };
}

/** As they are written on a command line. */
export const settingWords = (settings: Settings | undefined): string[] =>
  Object.entries(settings ?? {}).flatMap(([name, value]) => ['--set', `${name}=${value}`]);

/** Whether a file can be written, asked before the work whose result it is to hold. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../runtime/errors.ts';

/** Raises `InputError` that names the option when there is no folder for the file, or it may not be written. */
export function checkSavePlace(option: string, file: string): void {
  const folder = dirname(file);
  const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();
  if (file === '' || isFolder(file)) throw new InputError(`${option} '${file}' is a folder: give the name of a file`);
  if (!isFolder(folder)) throw new InputError(`${option} ${file}: there is no folder ${folder}`);
  try {
    accessSync(existsSync(file) ? file : folder, constants.W_OK);
  } catch {
    throw new InputError(`${option} ${file}: you may not write there`);
  }
}

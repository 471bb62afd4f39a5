/** The error of a failed write, in words that say what to do. */
import { EnvironmentError, InputError } from '../errors.ts';

export interface Written {
  /** Bytes that are not on the disk. */
  readonly missing: number;
  readonly total: number;
}

/**
 * `EnvironmentError` for a disk that is full or fails, `InputError` for a place that cannot be written to. Errors that are either already stay
 * as they are. How to go on once there is room is for the command to say.
 */
export function writeFailure(file: string, error: unknown, written?: Written): Error {
  if (error instanceof EnvironmentError || error instanceof InputError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  const amount = written === undefined ? '' : `, ${written.missing} of its ${written.total} bytes are missing`;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EnvironmentError(`the disk is full: ${file} could not be written${amount} (${code})`, options);
  }
  // A file system such as /proc has no place for what it did not make.
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOENT') {
    return new InputError(`${file} cannot be written (${code}): choose a place that you may write to`, options);
  }
  if (code === 'ENOTDIR' || code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTEMPTY') {
    return new InputError(`${file} cannot be written (${code}): a file or folder of that name is in the way`, options);
  }
  if (code === 'ESPECIAL' || code === 'ENXIO') {
    return new InputError(
      `${file} cannot be written: it is ${code === 'ENXIO' ? 'a pipe' : why}, not a regular file`,
      options,
    );
  }
  if (code === 'ELOOP' || code === 'ENAMETOOLONG' || code === 'ERR_INVALID_ARG_VALUE') {
    return new InputError(`${file} cannot be written (${code}): choose another name`, options);
  }
  return new EnvironmentError(`${file} could not be written${amount}: ${why}`, options);
}

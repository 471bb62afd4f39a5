import { InputError } from '../../runtime/errors.ts';

/** Options that say too little, too much, or contradict each other. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An `InputError` of something that was written on the command line is a wrong use of it. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof InputError ? new UsageError(error.message, { cause: error }) : error;
  }
}

/** The user's input is at fault: a file, a value, a combination of options. Says what, where, and what to do. Exit code 1. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The machine is at fault: no backend, a missing package, a full disk, a folder that another process holds. Exit code 3. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** A mistake of dualc itself, never of its user. The command line turns it into exit code 70. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}

export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/** Closes a `switch` over a union: a member without a case is a type error here. */
export function assertNever(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}

/** The value, or an internal error that says what was missing. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new InternalError(`missing ${what}`);
  return value;
}

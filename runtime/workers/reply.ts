/** What a thread says of a task. Errors lose their class on the way from one thread to another: here it is kept by name. */
import { isBreakdown } from '../backend/start-wasm.ts';
import { EnvironmentError, InputError } from '../errors.ts';

export type Reply<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  /** The task is at fault: it would fail again. */
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly stack: string }
  /** The worker broke down: the task may be done by another one. */
  | { readonly kind: 'broken'; readonly message: string };

export function replyOf(error: unknown): Reply<never> {
  if (isBreakdown(error)) return { kind: 'broken', message: error.message };
  const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'failed', name, message, stack };
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  EnvironmentError,
  InputError,
  RangeError,
  TypeError,
};

/** The error of a failed task, of the class and with the stack that it had in its thread. */
export function errorFrom({ name, message, stack }: Extract<Reply<never>, { readonly kind: 'failed' }>): Error {
  const ErrorClass = classes[name] ?? Error;
  return Object.assign(new ErrorClass(message), { stack });
}

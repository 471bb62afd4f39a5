/** What the exit codes of `dualc` mean, and which error leads to which. */
import { machineFault } from './machine-faults.ts';

export const exitCodes = {
  done: 0,
  /** The user's input is at fault, or a check failed. */
  input: 1,
  /** The command line is at fault. */
  usage: 2,
  /** The machine is at fault: no backend, a missing package, a full disk, a folder that another process holds. */
  environment: 3,
  /** A mistake of dualc. */
  internal: 70,
} as const;

/** By the error's name, so that the command line loads neither the compiler nor the runtime to know them. */
const codesByName: Readonly<Record<string, number>> = {
  InputError: exitCodes.input,
  ArchitectureError: exitCodes.input,
  BoundsRequestError: exitCodes.usage,
  SettingError: exitCodes.usage,
  UsageError: exitCodes.usage,
  EnvironmentError: exitCodes.environment,
};

export function exitCodeOf(error: unknown): number {
  const known = error instanceof Error ? codesByName[error.name] : undefined;
  return known ?? (machineFault(error) === null ? exitCodes.internal : exitCodes.environment);
}

/** Runs passes in order; the program is verified after each, and each state is handed to `trace`. */
import { checkProgram } from '../5-program/check-program.ts';
import type { TensorProgram } from '../5-program/tensor-program.ts';
import type { Pass } from './pass.ts';

export function runPasses(
  program: TensorProgram,
  passes: readonly Pass[],
  trace: (pass: string, program: TensorProgram) => void,
): TensorProgram {
  return passes.reduce((current, pass) => {
    const next = pass.run(current);
    checkProgram(next);
    trace(pass.name, next);
    return next;
  }, program);
}

/** What it takes to compile a network, and to compile one twice as deep. */
import { parseBoundsRequest } from '../../compiler/4-schedule/bounds-request.ts';
import { blockOf } from '../../compiler/5-program/operands.ts';
import type { Instr } from '../../compiler/5-program/tensor-program.ts';
import { countingWork } from './counted-work.ts';
import { compileDeep, type DeepKind } from './deep-networks.ts';

/** Steps up to each form that the compiler records, and the size of the module. */
function measured(kind: DeepKind, depth: number, bounds: string) {
  const steps = new Map<string, number>();
  const { code, programs } = countingWork(sofar => {
    let last = 0;
    const record = (form: string): void => {
      const now = sofar();
      steps.set(form, now - last);
      last = now;
    };
    return compileDeep(kind, depth, { requests: parseBoundsRequest(bounds) }, { record });
  });
  const instructions = Object.values(programs).map(({ body }) => countOf(body));
  return { steps, size: code.length, instructions };
}

const countOf = (body: readonly Instr[]): number =>
  body.reduce((sum, { op }) => sum + 1 + countOf(blockOf(op)?.body ?? []), 0);

/**
 * The module grows by the factor `size`, the program that grows most by `programs`: with exact rows faster than the module, where walks are functions.
 * `excessive` are the forms that take more than their share of additional work.
 */
export function growth(kind: DeepKind, depth: number, bounds: string) {
  const [before, after] = [measured(kind, depth, bounds), measured(kind, 2 * depth, bounds)];
  const size = after.size / before.size;
  const programs = Math.max(...after.instructions.map((count, index) => count / before.instructions[index]!));
  const grown = [...after.steps].map(([form, steps]) => [form, steps / before.steps.get(form)!] as const);
  return { size, programs, forms: grown.length, excessive: grown.filter(([, by]) => by > 1.1 * Math.max(2, programs)) };
}

import { checkProgram } from '../../compiler/5-program/check-program.ts';
import { parseProgram } from '../../compiler/5-program/parse-program.ts';
import type { Instr } from '../../compiler/5-program/tensor-program.ts';
import type { Pass } from '../../compiler/6-passes/pass.ts';
import { expectSameOutputs } from './expect-pass.ts';

const kindsOf = (body: readonly Instr[]): string[] =>
  body.flatMap(({ op }) => ('block' in op ? [op.kind, ...kindsOf(op.block.body)] : [op.kind]));

/** What a program computes by once the passes have run, parameters aside, blocks behind their loops. Outputs have to be as before. */
export function kindsAfter(text: string, ...passes: readonly Pass[]): string[] {
  const before = parseProgram(text);
  const after = passes.reduce((program, pass) => pass.run(program), before);
  checkProgram(after);
  expectSameOutputs(before, after);
  return kindsOf(after.body).filter(kind => kind !== 'param');
}

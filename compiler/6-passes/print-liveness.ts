/** The liveness of a program as text: statement by statement, what is named and when it is freed. */
import { found } from '../shared/assert.ts';
import type { ValueId } from '../shared/ids.ts';
import type { Liveness } from './liveness.ts';
import type { Statement } from './statements.ts';

export function printLiveness(plan: Liveness): string {
  const lines: string[] = [];
  const statement = ({ root, inlined }: Statement, indent: string): void => {
    const within = inlined.length === 0 ? '' : `, with ${printValues(inlined.map(({ out }) => out))} inside`;
    const tidied = plan.tidied.has(root.out) ? ', in a tidy of its own' : '';
    lines.push(`${indent}%${root.out} ${root.op.kind}${within}${tidied}`);
    for (const inner of plan.blockStatements.get(root.out) ?? []) statement(inner, `${indent}  `);
    free(plan.freedAfter.get(root.out), indent);
  };
  const free = (values: readonly ValueId[] | undefined, indent: string): void => {
    if (values !== undefined) lines.push(`${indent}free ${printValues(values)}`);
  };
  for (const { name, imports, exports } of plan.split.sections) {
    lines.push(`section ${name}(${printValues(imports)}) -> ${printValues(exports)}`);
    for (const each of found(plan.sectionStatements.get(name), name)) statement(each, '  ');
    free(plan.freedAfterSection.get(name), '');
  }
  return `${lines.join('\n')}\n`;
}

const printValues = (values: readonly ValueId[]): string => values.map(value => `%${value}`).join(', ');

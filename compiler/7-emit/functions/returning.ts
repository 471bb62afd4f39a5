/** How a function ends. */
import type { Expression, Statement } from '../../shared/expression.ts';

/** What is computed last needs no name when it is all that is returned. */
export function returning(result: Expression, body: readonly Statement[]): Statement[] {
  const last = body.at(-1);
  if (last?.kind !== 'const' || result.kind !== 'name' || last.name !== result.name)
    return [...body, { kind: 'blank' }, { kind: 'return', value: result }];
  return [...body.slice(0, -1), { kind: 'return', value: last.value }];
}

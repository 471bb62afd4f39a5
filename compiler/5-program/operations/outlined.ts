/** Steps that are taken in several places, as one operation. */
import { array } from '../../shared/expression.ts';
import { nothing } from '../memory-size.ts';
import { named } from './attributes.ts';
import { noConditions } from './conditions.ts';
import type { Rows } from './operation.ts';
import { noMacs } from './ordinary.ts';

export const outlinedRows: Rows<'outlined'> = {
  outlined: {
    arity: 0,
    attributes: { consumed: named('numbers'), lent: named('numbers'), block: 'block' },
    check: noConditions,
    shape: () => [],
    structure: { kind: 'outlined' },
    walk: null,
    declares: null,
    family: 'free',
    effort: 'written',
    madeOnce: false,
    macs: noMacs,
    kernels: [],
    result: 'own',
    workspace: () => nothing,
    evaluate: (op, _operands, _shape, frame) => ({ items: frame.runBlock(op.block, frame) }),
    elementwise: null,
    gradient: 'impossible',
    purity: 'pure',
    sharing: 'nowhere',
    inlined: 'nowhere',
    length: 1,
    print: (_op, _operands, at) => at.block('start', array),
  },
};

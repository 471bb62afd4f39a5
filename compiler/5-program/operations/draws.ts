/** Random draws. */
import { given, runtimeCall, text } from '../../shared/expression.ts';
import { nothing } from '../memory-size.ts';
import { entriesOf } from '../reference/float64-tensor.ts';
import { lead, named } from './attributes.ts';
import { noConditions } from './conditions.ts';
import type { Rows } from './operation.ts';
import { costly, noMacs, ordinary } from './ordinary.ts';
import { openShape } from './printed-shape.ts';

const printers = { cauchy: 'cauchyNoise', normal: 'normalNoise' } as const;

export const drawRows: Rows<'noise'> = {
  noise: {
    ...ordinary,
    ...costly,
    arity: 0,
    attributes: { stream: lead('text'), distribution: named('word', ['cauchy', 'normal']), shape: 'resultShape' },
    check: noConditions,
    shape: op => op.shape,
    declares: op => ({ of: op.stream, as: `${op.distribution} ` }),
    family: 'draw',
    macs: noMacs,
    kernels: [],
    workspace: () => nothing,
    evaluate: (op, _operands, shape, frame) => frame.noise(op.stream, op.distribution, entriesOf(shape)),
    elementwise: null,
    gradient: 'none',
    // Equal streams are equal values.
    purity: 'keyed',
    print: op => runtimeCall(printers[op.distribution], given('key'), text(op.stream), openShape(op.shape)),
  },
};

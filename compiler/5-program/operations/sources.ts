/** What is there before a program starts: it costs nothing and is printed where it is read. */
import { entry, given, number, numberList, tensorCall, text } from '../../shared/expression.ts';
import { nothing } from '../memory-size.ts';
import { lead } from './attributes.ts';
import { noConditions } from './conditions.ts';
import type { Rows } from './operation.ts';
import { noMacs } from './ordinary.ts';

const source = {
  arity: 0,
  check: noConditions,
  walk: null,
  family: 'free',
  effort: 'written',
  madeOnce: false,
  macs: noMacs,
  kernels: [],
  result: 'own',
  workspace: () => nothing,
  elementwise: null,
  gradient: 'none',
  purity: 'pure',
  sharing: 'withinFunction',
  inlined: 'withSameRole',
  length: 1,
} as const;

export const sourceRows: Rows<'input' | 'param' | 'constant' | 'vector' | 'batchSize'> = {
  input: {
    ...source,
    attributes: { name: lead('text', ['x', 'labels', 'epsilon']), shape: 'resultShape' },
    shape: op => op.shape,
    // The radius comes as a number, the rest as tensors.
    structure: { kind: 'source', form: op => (op.shape.length === 0 ? 'number' : 'callers') },
    declares: op => ({ of: op.name, as: '' }),
    evaluate: (op, _operands, _shape, frame) => frame.input(op.name),
    print: op => given(op.name),
  },
  param: {
    ...source,
    attributes: { name: lead('text'), shape: 'resultShape' },
    shape: op => op.shape,
    structure: { kind: 'source', form: () => 'callers' },
    declares: op => ({ of: op.name, as: '' }),
    evaluate: (op, _operands, _shape, frame) => frame.param(op.name),
    print: op => entry(given('p'), text(op.name)),
  },
  constant: {
    ...source,
    attributes: { value: lead('number') },
    shape: () => [],
    structure: { kind: 'source', form: () => 'number' },
    declares: null,
    evaluate: op => [op.value],
    print: op => number(op.value),
  },
  vector: {
    ...source,
    attributes: { values: lead('numbers') },
    shape: op => [op.values.length],
    structure: { kind: 'source', form: () => 'list' },
    declares: null,
    evaluate: op => op.values,
    print: op => tensorCall('tensor1d', numberList(op.values)),
  },
  batchSize: {
    ...source,
    attributes: {},
    shape: () => [],
    structure: { kind: 'source', form: () => 'number' },
    declares: null,
    evaluate: (_op, _operands, _shape, frame) => [frame.batchSize],
    print: () => given('batch'),
  },
};

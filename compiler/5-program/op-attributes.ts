/** How the attributes of each operation are written: `print-program.ts` and `parse-program.ts` both follow this table. */
import type { Op, OpKind, OpOf } from './tensor-program.ts';

/** `text` is quoted, `word` is bare. */
export type AttributeFormat = 'number' | 'numbers' | 'boolean' | 'text' | 'word';

export interface AttributeRule {
  readonly format: AttributeFormat;
  /** Directly after the operation's name, or in braces with its own name. */
  readonly place: 'lead' | 'braces';
  /** The only values there are; empty when any will do. */
  readonly choices: readonly string[];
}

export interface WrittenAttribute extends AttributeRule {
  readonly name: string;
}

const lead = (format: AttributeFormat, choices: readonly string[] = []): AttributeRule => ({
  format,
  place: 'lead',
  choices,
});
const named = (format: AttributeFormat, choices: readonly string[] = []): AttributeRule => ({
  format,
  place: 'braces',
  choices,
});

/** This attribute is the stated shape of the result, and not repeated. */
const resultShape = 'resultShape';
/** This attribute is written as an indented block below the instruction. */
const block = 'block';

type Row<Kind extends OpKind> = {
  readonly [Attribute in Exclude<keyof OpOf<Kind>, 'kind'>]: AttributeRule | typeof resultShape | typeof block;
};

const conv = { strides: named('numbers'), padding: named('numbers') } as const;
const reduction = { axes: named('numbers'), keepDims: named('boolean') } as const;
const scale = { estimator: named('word', ['median', 'geometric', 'ml']) } as const;
const loop = { rows: named('number'), size: named('number'), block } as const;

export const opAttributes: { readonly [Kind in OpKind]: Row<Kind> } = {
  input: { name: lead('text', ['x', 'labels', 'epsilon']), shape: resultShape },
  param: { name: lead('text'), shape: resultShape },
  constant: { value: lead('number') },
  vector: { values: lead('numbers') },
  batchSize: {},
  noise: { stream: lead('text'), distribution: named('word', ['cauchy', 'normal']), shape: resultShape },
  unitRows: { rows: named('number'), size: named('number'), shape: named('numbers') },
  chunkRows: { axis: named('number'), size: named('number') },
  neg: {},
  abs: {},
  relu: {},
  step: {},
  sign: {},
  sqrt: {},
  square: {},
  exp: {},
  log: {},
  add: {},
  sub: {},
  mul: {},
  div: {},
  maximum: {},
  minimum: {},
  detach: {},
  sum: reduction,
  max: reduction,
  oneHot: { depth: named('number') },
  reshape: { shape: resultShape },
  transpose: { perm: named('numbers') },
  broadcast: { shape: resultShape },
  matMul: { transposeA: named('boolean'), transposeB: named('boolean') },
  conv2d: conv,
  transposedConv2d: { inputSize: named('numbers'), ...conv },
  conv2dKernelGradient: { kernelSize: named('numbers'), ...conv },
  rowNorms: { rows: named('number') },
  scaledRows: { rows: named('number') },
  rowProducts: { rows: named('number') },
  windows: {
    grid: named('numbers'),
    strides: named('numbers'),
    offset: named('numbers'),
    size: named('numbers'),
    rowsPerWindow: named('number'),
    count: named('number'),
  },
  pad: { padding: named('numbers') },
  cauchyScale: scale,
  cauchyScaleGradient: scale,
  chunked: loop,
  summedChunks: loop,
  item: { index: named('number'), shape: resultShape },
};

export const isOpKind = (word: string): word is OpKind => Object.hasOwn(opAttributes, word);

const rowsOf = (kind: OpKind): [string, AttributeRule | typeof resultShape | typeof block][] =>
  Object.entries(opAttributes[kind]);

/** Attributes that are written with the instruction, in order. */
export const writtenAttributes = (kind: OpKind): readonly WrittenAttribute[] =>
  rowsOf(kind).flatMap(([name, rule]) => (typeof rule === 'string' ? [] : [{ name, ...rule }]));

/** Whether the operation's `shape` is that of its result. */
export const statesItsShape = (kind: OpKind): boolean => rowsOf(kind).some(([, rule]) => rule === resultShape);

export const hasBlock = (kind: OpKind): boolean => rowsOf(kind).some(([, rule]) => rule === block);

export const attributeOf = (op: Op, name: string): unknown => (op as unknown as Record<string, unknown>)[name];

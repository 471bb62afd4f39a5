import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import type { OpKind, TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { gradient } from '../../../compiler/6-passes/gradient.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { differences } from '../../support/finite-differences.ts';
import { opSamples } from '../../support/op-samples.ts';
import { randomInputs } from '../../support/program-inputs.ts';

/** `refused`: no gradient is ever asked for; `blocked`: it does not pass, whatever the differences say. */
const expected = {
  input: 'differences',
  param: 'differences',
  constant: 'differences',
  vector: 'differences',
  batchSize: 'differences',
  noise: 'differences',
  unitRows: 'differences',
  chunkRows: 'differences',
  chunkIndices: 'refused',
  unitRowsAt: 'differences',
  scatteredRows: 'differences',
  neg: 'differences',
  abs: 'differences',
  relu: 'differences',
  step: 'differences',
  sign: 'differences',
  sqrt: 'differences',
  square: 'differences',
  exp: 'differences',
  log: 'differences',
  add: 'differences',
  sub: 'differences',
  mul: 'differences',
  div: 'differences',
  maximum: 'differences',
  minimum: 'differences',
  detach: 'blocked',
  sum: 'differences',
  max: 'refused',
  oneHot: 'differences',
  reshape: 'differences',
  transpose: 'differences',
  broadcast: 'differences',
  matMul: 'differences',
  conv2d: 'differences',
  transposedConv2d: 'differences',
  conv2dKernelGradient: 'refused',
  rowNorms: 'differences',
  scaledRows: 'differences',
  rowProducts: 'refused',
  windows: 'refused',
  windowsAt: 'refused',
  concat: 'differences',
  slice: 'differences',
  pad: 'differences',
  cauchyScale: 'differences',
  cauchyScaleGradient: 'refused',
  chunked: 'differences',
  chunkedAt: 'refused',
  summedChunks: 'refused',
  item: 'refused',
} satisfies Record<OpKind, 'differences' | 'blocked' | 'refused'>;

/** `Σ (y + 0.3)²`: every entry counts, and differently. */
function withLoss(text: string): TensorProgram {
  const { body, outputs } = parseProgram(text);
  const b = createBuilder(body);
  const y = outputs.y!;
  const squares = b.unary('square', b.binary('add', y, b.constant(0.3)));
  const loss = b.sum(
    squares,
    b.shapeOf(y).map((_, axis) => axis),
  );
  return b.finish('loss', { loss });
}

const cases = Object.entries(expected).flatMap(([kind, how]) =>
  opSamples[kind as OpKind].map((text, index) => ({ kind, how, text, index })),
);

describe('the gradient rule', () => {
  it.each(cases.filter(({ how }) => how !== 'refused'))('of $kind, sample $index: $how', ({ kind, how, text }) => {
    const program = withLoss(text);
    const given = randomInputs(program, 2, 5);
    const names = Object.keys(given.params);
    const target = names.length === 0 ? 'x' : 'params';
    const differentiated = gradient({ of: 'loss', keep: true, for: target }).run(program);
    checkProgram(differentiated);
    const outputs = interpret(differentiated, given);
    for (const name of target === 'x' ? ['x'] : names) {
      const found = outputs[target === 'x' ? 'gradient' : `gradient.${name}`]!.data;
      const wanted = differences(program, 'loss', given, name);
      if (how === 'blocked') {
        expect([...found].every(entry => entry === 0)).toBe(true);
        expect([...wanted].every(entry => entry !== 0)).toBe(true);
      } else expectClose(found, wanted, 1e-7, `${kind}: gradient for ${name}`);
    }
  });

  it.each(cases.filter(({ how }) => how === 'refused'))('of $kind, sample $index, is refused', ({ text }) => {
    expect(() => gradient({ of: 'loss', keep: true, for: 'params' }).run(withLoss(text))).toThrow(
      'has none of its own',
    );
  });

  it('gives neither operand a share at a tie, and 0 at the kinks of abs and relu', () => {
    const program = withLoss(
      `%0 = param "a" : [1]\n%1 = abs(%0) : [1]\n%2 = relu(%0) : [1]\n%3 = maximum(%1, %2) : [1]\nout y = %3`,
    );
    const differentiated = gradient({ of: 'loss', keep: true, for: 'params' }).run(program);
    expect(interpret(differentiated, { batchSize: 1, inputs: {}, params: { a: [0] } })['gradient.a']!.data[0]).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { createBuilder } from '../../../compiler/5-program/builder.ts';
import { checkProgram } from '../../../compiler/5-program/check-program.ts';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { effortOf, expressionOf, macsOf, opTable, workspaceOf } from '../../../compiler/5-program/op-table.ts';
import { blockOf } from '../../../compiler/5-program/operands.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { printProgram } from '../../../compiler/5-program/print-program.ts';
import type { Instr, Op, OpKind, TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { gradient } from '../../../compiler/6-passes/gradient.ts';
import { givensOf, name } from '../../../compiler/shared/expression.ts';
import { type ValueId, valueId } from '../../../compiler/shared/ids.ts';
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
  unitRowsAt: 'refused',
  rowsAt: 'refused',
  examplesAt: 'refused',
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
  magnitudes: 'differences',
  broadcast: 'differences',
  matMul: 'differences',
  conv2d: 'differences',
  transposedConv2d: 'differences',
  transposedConv2dNorms: 'differences',
  slopeMapNorms: 'refused',
  conv2dKernelGradient: 'refused',
  rowNorms: 'differences',
  rowNormsGradient: 'refused',
  rowNormsWeightGradient: 'refused',
  scaledRows: 'differences',
  rowProducts: 'refused',
  windows: 'refused',
  windowsAt: 'refused',
  concat: 'differences',
  slice: 'differences',
  pad: 'differences',
  cauchyScale: 'differences',
  cauchyScaleGradient: 'refused',
  geometricMeans: 'refused',
  chunked: 'differences',
  chunkedWhere: 'refused',
  chunkedUnless: 'refused',
  summedChunks: 'refused',
  item: 'refused',
  outlined: 'refused',
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
  opSamples[kind as OpKind].map((text, index) => ({ kind: kind as OpKind, how, text, index })),
);

const rowsOf = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...rowsOf(blockOf(instr.op)?.body ?? [])]);

describe('the row', () => {
  it('of every operation stands in the table, and no other', () => {
    expect(Object.keys(opTable).toSorted()).toEqual(Object.keys(opSamples).toSorted());
  });

  it.each(cases)(
    'of $kind is used by sample $index, which is right and reads back as it is printed',
    ({ kind, text }) => {
      const program = parseProgram(text);
      checkProgram(program);
      expect(parseProgram(printProgram(program))).toEqual(program);
      expect(rowsOf(program.body).some(({ op }) => op.kind === kind)).toBe(true);
    },
  );

  it.each(cases)('of $kind refuses one operand more than it takes, sample $index', ({ kind, text }) => {
    const { arity } = opTable[kind];
    if (arity === 'oneOrMore') return expect(() => checkProgram(withOperands(text, kind, () => []))).toThrow('or more');
    const more = withOperands(text, kind, args => [...args, valueId(0)]);
    return expect(() => checkProgram(more)).toThrow(`${kind} takes ${arity} operands, not ${arity + 1}`);
  });

  it.each(cases)(
    'of $kind counts no less than nothing, and says what it is paid by, sample $index',
    ({ kind, text }) => {
      const { body } = parseProgram(text);
      const shapes = new Map(rowsOf(body).map(({ out, shape }) => [out, shape]));
      for (const { op, args, shape } of rowsOf(body).filter(instr => instr.op.kind === kind)) {
        const operands = args.map(id => shapes.get(id)!);
        const { fixedBytes, bytesPerExample } = workspaceOf(op, operands, shape);
        expect(Math.min(fixedBytes, bytesPerExample)).toBeGreaterThanOrEqual(0);
        const macs = Number.parseInt(String(macsOf(op, operands)), 10);
        const paidByMacs = ['matMul', 'conv2d', 'transposedConv2d', 'kernelGradient'].includes(opTable[kind].family);
        if (paidByMacs) expect(macs).toBeGreaterThan(0);
        const effort = effortOf(op, operands, shape, 3);
        for (const count of [effort.multiplyAdds, effort.entries]) expect(Number.isSafeInteger(count)).toBe(true);
        expect(effort.multiplyAdds).toBeGreaterThanOrEqual(macs > 0 ? 1 : 0);
        expect(effort.entries).toBeGreaterThan(0);
        if (opTable[kind].family === 'free') expect(macs).toBe(0);
      }
    },
  );

  it('names a neutral number only where it changes nothing', () => {
    const named = Object.values(opTable).flatMap(({ elementwise }) => elementwise ?? []);
    expect(named.filter(({ neutral }) => neutral !== null)).toHaveLength(4);
    for (const { scalar, neutral } of named) {
      if (neutral === null) continue;
      for (const x of [-3.5, -0.1, 0, 2, 1e30]) {
        expect(scalar(x, neutral.value)).toBe(x);
        if (x !== 0) expect(scalar(neutral.value, x) === x).toBe(neutral.symmetric);
      }
    }
  });

  it.each(cases)('of $kind reads the key exactly when it is keyed, sample $index', ({ kind, text }) => {
    const { body } = parseProgram(text);
    for (const { op, args, shape } of rowsOf(body).filter(instr => instr.op.kind === kind)) {
      const at = { shape, isNumber: () => false, block: () => name('block') };
      const given = givensOf(
        expressionOf(
          op,
          args.map(id => name(`v${id}`)),
          at,
        ),
      );
      expect(given.includes('key')).toBe(opTable[kind].purity === 'keyed');
    }
  });
});

/** The sample with the operands of its last instruction of a kind replaced. */
function withOperands(
  text: string,
  kind: OpKind,
  change: (args: readonly ValueId[]) => readonly ValueId[],
): TensorProgram {
  const program = parseProgram(text);
  const at = program.body.findLastIndex(({ op }) => op.kind === kind);
  const visit = (body: readonly Instr[], last: number): Instr[] =>
    body.map((instr, index) => {
      if (index === last) return { ...instr, args: change(instr.args) };
      const block = blockOf(instr.op);
      if (last >= 0 || block === null) return instr;
      const inner = visit(
        block.body,
        block.body.findLastIndex(({ op }) => op.kind === kind),
      );
      return { ...instr, op: { ...instr.op, block: { ...block, body: inner } } as Op };
    });
  return { ...program, body: visit(program.body, at) };
}

describe('the gradient rule', () => {
  it('says itself what the differences say', () => {
    const refused = Object.entries(opTable).flatMap(([kind, { gradient }]) =>
      gradient === 'impossible' ? [kind] : [],
    );
    // These are refused with the loop that they belong to.
    const ofLoops = ['chunkIndices', 'item', 'unitRowsAt'];
    expect([...refused, ...ofLoops].toSorted()).toEqual(
      Object.entries(expected)
        .flatMap(([kind, how]) => (how === 'refused' ? [kind] : []))
        .toSorted(),
    );
  });

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

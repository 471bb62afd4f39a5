import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { kernelsOf } from '../../../compiler/5-program/op-table.ts';
import { blockOf } from '../../../compiler/5-program/operands.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import type { Instr } from '../../../compiler/5-program/tensor-program.ts';
import { printOp } from '../../../compiler/7-emit/print-op.ts';
import { fromCode, identifier } from '../../../compiler/7-emit/safe-text.ts';
import { emitProgram, emittedNoise, runEmitted } from '../../support/emitted-program.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { opSamples } from '../../support/op-samples.ts';
import { randomInputs } from '../../support/program-inputs.ts';
import { testedBackends, useBackend } from '../../support/run-on-backend.ts';

const cases = Object.entries(opSamples).flatMap(([kind, texts]) =>
  texts.map((text, index) => ({ kind, text, sample: index + 1 })),
);
const instructions = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...instructions(blockOf(instr.op)?.body ?? [])]);

/** Sums of a few dozen products in float32; the scale of Cauchy samples iterates. */
const tolerance = 2e-5;

describe.each(testedBackends)('the expression of every operation on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(cases)('$kind, sample $sample, computes what the interpreter computes', ({ kind, text }) => {
    const program = parseProgram(text);
    const given = { ...randomInputs(program, 2, 3), noise: emittedNoise };
    const wanted = interpret(program, given).y!;
    const found = runEmitted(emitProgram(program), program, given).y!;
    expect(found.shape).toEqual(wanted.shape);
    expectClose(found.data, wanted.data, tolerance, kind);
  });

  it.each(cases)('$kind, sample $sample, uses no kernel but those of the table', async ({ text }) => {
    const program = parseProgram(text);
    const given = { ...randomInputs(program, 2, 3), noise: emittedNoise };
    const { kernelNames } = await tf.profile(() => {
      runEmitted(emitProgram(program), program, given);
      return tf.scalar(0);
    });
    const known = new Set(instructions(program.body).flatMap(({ op }) => kernelsOf(op)));
    expect([...new Set(kernelNames)].filter(name => !known.has(name))).toEqual([]);
  });
});

describe('printOp', () => {
  const printer = { runtime: identifier };
  const binary = (kind: 'add' | 'sub' | 'mul' | 'div', a: string, b: string): string =>
    printOp({ kind }, [fromCode(a), fromCode(b)], printer, []);

  it('computes with numbers of the call in plain JavaScript', () => {
    expect(binary('div', '1', 'batch')).toBe('1 / batch');
    expect(binary('mul', 'epsilon', '0.5')).toBe('epsilon * 0.5');
    expect(binary('mul', 'epsilon', 'x')).toBe('tf.mul(epsilon, x)');
    expect(binary('mul', 'e', '2')).toBe('tf.mul(e, 2)');
  });

  it('keeps the order of operations', () => {
    expect(binary('div', '2', 'epsilon / batch')).toBe('2 / (epsilon / batch)');
    expect(binary('mul', 'epsilon + 1', 'batch')).toBe('(epsilon + 1) * batch');
  });

  it('quotes names', () => {
    expect(printOp({ kind: 'param', name: "a'b.weight", shape: [1] }, [], printer, [1])).toBe("p['a\\'b.weight']");
    expect(printOp({ kind: 'param', name: 'scale', shape: [1] }, [], printer, [1])).toBe("p['scale']");
    const noise = { kind: 'noise', stream: "it's", distribution: 'normal', shape: [2] } as const;
    expect(printOp(noise, [], printer, [2])).toBe("normalNoise(key, 'it\\'s', [2])");
  });
});

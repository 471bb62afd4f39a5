import { beforeAll, describe, expect, it } from 'vitest';
import { interpret, type ProgramInputs } from '../../../compiler/5-program/interpret.ts';
import { kernelsOf } from '../../../compiler/5-program/op-table.ts';
import { blockOf } from '../../../compiler/5-program/operands.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import type { Instr } from '../../../compiler/5-program/tensor-program.ts';
import { liveness } from '../../../compiler/6-passes/liveness.ts';
import { peakMemory } from '../../../compiler/6-passes/memory-model.ts';
import { peakBytesOf } from '../../../runtime/bench/peak-bytes.ts';
import { emitProgram, emittedNoise, readEmitted } from '../../support/emitted-program.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { opSamples } from '../../support/op-samples.ts';
import { outermostKernels } from '../../support/outermost-kernels.ts';
import { randomInputs } from '../../support/program-inputs.ts';
import { onWebgpu, testedBackends, useBackend } from '../../support/run-on-backend.ts';

const cases = Object.entries(opSamples).flatMap(([kind, texts]) =>
  texts.map((text, index) => ({ kind, text, sample: index + 1 })),
);

/** Which rows are asked for WebGPU does not say at once, so that all of them walk there (`runtime/ops/asked-rows.ts`). */
const computed = onWebgpu ? cases.filter(({ text }) => !/chunked(Where|Unless)/.test(text)) : cases;

const instructions = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...instructions(blockOf(instr.op)?.body ?? [])]);

/** Of the tensors that `readEmitted` makes before it calls the program; a number stands for an image that there is not. */
function bytesOfGiven({ params, inputs }: ProgramInputs): number {
  const lists = [...Object.values(params), inputs.x ?? [0], inputs.labels ?? []];
  return lists.reduce((bytes, { length }) => bytes + 4 * length, 0);
}

/** Sums of a few dozen products in float32; the scale of Cauchy samples iterates. */
const tolerance = 2e-5;

describe.each(testedBackends)('the expression of every operation on %s', backend => {
  beforeAll(() => useBackend(backend));

  it.each(computed)('$kind, sample $sample, computes what the interpreter computes', async ({ kind, text }) => {
    const program = parseProgram(text);
    const given = { ...randomInputs(program, 2, 3), noise: emittedNoise };
    const wanted = interpret(program, given).y!;
    const found = (await readEmitted(emitProgram(program), program, given)).y!;
    expect(found.shape).toEqual(wanted.shape);
    expectClose(found.data, wanted.data, tolerance, kind);
  });

  it.each(cases)('$kind, sample $sample, uses no kernel but those of the table', async ({ kind, text }) => {
    const program = parseProgram(text);
    const given = { ...randomInputs(program, 2, 3), noise: emittedNoise };
    const emitted = emitProgram(program);
    const { used, result } = outermostKernels(() => readEmitted(emitted, program, given));
    await result;
    const known = new Set(instructions(program.body).flatMap(({ op }) => kernelsOf(op)));
    // These are computed outside of the backend where that is faster.
    if (!['windows', 'rowNorms'].includes(kind)) expect(used.size).toBeGreaterThan(0);
    expect([...used].filter(name => !known.has(name))).toEqual([]);
  });

  // WebGPU keeps what is disposed of until its commands are sent.
  it.skipIf(onWebgpu).each(cases)('$kind, sample $sample, takes no more memory than its row says', async ({ text }) => {
    const program = parseProgram(text);
    const given = { ...randomInputs(program, 2, 3), noise: emittedNoise };
    const emitted = emitProgram(program);
    const { bytes, result } = peakBytesOf(() => readEmitted(emitted, program, given));
    await result;
    const { fixedBytes, bytesPerExample } = peakMemory(program, liveness(program), 2);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(fixedBytes + 2 * bytesPerExample + bytesOfGiven(given));
  });
});

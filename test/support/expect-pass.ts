/** Tests of a pass, text in and text out; each is also a test that the pass keeps what the program computes. */
import { expect } from 'vitest';
import { checkProgram } from '../../compiler/5-program/check-program.ts';
import { interpret } from '../../compiler/5-program/interpret.ts';
import { parseProgram } from '../../compiler/5-program/parse-program.ts';
import { printProgram } from '../../compiler/5-program/print-program.ts';
import type { TensorProgram } from '../../compiler/5-program/tensor-program.ts';
import type { Pass } from '../../compiler/6-passes/pass.ts';
import { randomInputs } from './program-inputs.ts';

export interface PassExpectation {
  /** The program's text after the pass, up to blanks. Origins are compared when the text has some. */
  becomes(expected: string): void;
  isKept(): void;
}

/** Checks the program before and after the pass, and that every output of before has the same value after, for 1 and 3 examples. */
export function expectPass(pass: Pass, text: string): PassExpectation {
  const before = parseProgram(text);
  checkProgram(before);
  const after = pass.run(before);
  checkProgram(after);
  expectSameOutputs(before, after);
  const becomes = (expected: string): void => {
    const origins = expected.includes(';');
    expect(printProgram(after, { origins })).toBe(printProgram(parseProgram(expected), { origins }));
  };
  return { becomes, isKept: () => becomes(text) };
}

/** Each output of `before` is one of `after` too, with the same entries up to `tolerance` times the largest. */
export function expectSameOutputs(before: TensorProgram, after: TensorProgram, tolerance = 1e-9): void {
  for (const batchSize of [1, 3]) {
    const given = randomInputs(before, batchSize, batchSize);
    const wanted = interpret(before, given);
    const found = interpret(after, given);
    for (const [name, { shape, data }] of Object.entries(wanted)) {
      const other = found[name];
      expect(other?.shape, `shape of output ${name}`).toEqual(shape);
      expectClose(other?.data ?? [], data, tolerance, `output ${name}, ${batchSize} examples`);
    }
  }
}

/** Entry by entry: equal, both NaN, or apart by at most `tolerance` times the largest finite entry (at least 1). */
export function expectClose(
  found: ArrayLike<number>,
  wanted: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(found.length, `entries of ${what}`).toBe(wanted.length);
  const sizes = Array.from(wanted, Math.abs).filter(Number.isFinite);
  const allowed = tolerance * sizes.reduce((a, b) => Math.max(a, b), 1);
  const wrong = Array.from(wanted).findIndex(
    (entry, i) =>
      !Object.is(found[i], entry) && !(Math.abs((found[i] ?? Number.NaN) - entry) <= allowed) && found[i] !== entry,
  );
  if (wrong >= 0) expect.fail(`${what}: entry ${wrong} is ${found[wrong]}, not ${wanted[wrong]} (± ${allowed})`);
}

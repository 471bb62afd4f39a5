import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../../compiler/5-program/interpret.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { type Liveness, liveness } from '../../../compiler/6-passes/liveness.ts';
import { passList } from '../../../compiler/6-passes/pass-list.ts';
import { runPasses } from '../../../compiler/6-passes/run-passes.ts';
import { readsOf, type Statement } from '../../../compiler/6-passes/statements.ts';
import type { ValueId } from '../../../compiler/shared/ids.ts';
import { emitProgram, emittedNoise, runEmitted } from '../../support/emitted-program.ts';
import { expectClose } from '../../support/expect-pass.ts';
import { randomInputs } from '../../support/program-inputs.ts';
import { useBackend } from '../../support/run-on-backend.ts';
import { sectionedProgram, uses } from '../../support/sectioned-program.ts';

const everything = { perExample: 1, fixed: 1 };
const plain = (map: ReadonlyMap<ValueId | string, readonly ValueId[]>): Record<string, readonly ValueId[]> =>
  Object.fromEntries(map);
const planOf = (text: string): Liveness => liveness(parseProgram(text));

/** Three values of one section, the second one's size as given. */
const chain = (shape: string): string => `
  %0 = input "x" : ${shape}   ; source | - | input | -
  %1 = exp(%0) : ${shape}   ; one | a | first | -
  %2 = exp(%1) : ${shape}   ; one | b | second | -
  %3 = exp(%2) : ${shape}   ; one | c | third | -
  out y = %3`;

describe('liveness', () => {
  it('frees a large local after the statement that reads it last, never an output', () => {
    expect(plain(planOf(chain('[b, 20000]')).freedAfter)).toEqual({ 2: [1], 3: [2] });
    expect(plain(planOf(chain('[250000]')).freedAfter)).toEqual({ 2: [1], 3: [2] });
    expect(plain(planOf(chain('[b, 20000]').replace('out y = %3', 'out y = %3, z = %1')).freedAfter)).toEqual({
      3: [2],
    });
  });

  it('leaves small tensors to the end of the function', () => {
    expect(plain(planOf(chain('[b, 19999]')).freedAfter)).toEqual({});
    expect(plain(planOf(chain('[249999]')).freedAfter)).toEqual({});
  });

  it('frees what one function hands to another after the last function that reads it', () => {
    const plan = planOf(`
      %0 = input "x" : [b, 20000]   ; source | - | input | -
      %1 = exp(%0) : [b, 20000]   ; one | - | first | -
      %2 = exp(%1) : [b, 20000]   ; two | - | second | -
      %3 = add(%1, %2) : [b, 20000]   ; three | - | third | -
      %4 = neg(%3) : [b, 20000]   ; four | - | fourth | -
      out y = %4, z = %2`);
    expect(plain(plan.freedAfterSection)).toEqual({ three: [1], four: [3] });
    expect(plain(plan.freedAfter)).toEqual({});
  });

  it('keeps what a chunk loop reads until the loop is over, and frees inside what is its own', () => {
    const plan = planOf(`
      %0 = param "w" : [4, 300000]   ; source | - | w | -
      %1 = exp(%0) : [4, 300000]   ; one | a | outer | -
      %2 = summedChunks {rows: 4, size: 2} : [] {   ; one | a | sums | -
        %3 = chunkRows(%1) {axis: 0, size: 2} : [2, 300000]   ; one | a | rows | -
        %4 = exp(%3) : [2, 300000]   ; one | b | inner | -
        result %4
      }
      %5 = item(%2) {index: 0} : [2, 300000]   ; one | a | item | -
      out y = %5`);
    expect(plain(plan.freedAfter)).toEqual({ 2: [1], 4: [3] });
  });

  it('gives a statement with large tensors on the way a scope of its own', () => {
    const plan = planOf(`
      %0 = input "x" : [b, 20000]   ; source | - | input | -
      %1 = exp(%0) : [b, 20000]   ; one | - | same | -
      %2 = sum(%1) {axes: [1], keepDims: false} : [b]   ; one | - | same | -
      out y = %2`);
    expect([...plan.tidied]).toEqual([2]);
    expect(plain(plan.freedAfter)).toEqual({});
  });
});

/** Every value that is freed, with a check that nothing reads it later. */
function freedOnce(program: TensorProgram, plan: Liveness): ValueId[] {
  const freed: ValueId[] = [];
  const walk = (statements: readonly Statement[]): void => {
    for (const statement of statements) {
      walk(plan.blockStatements.get(statement.root.out) ?? []);
      expect(readsOf(statement).filter(value => freed.includes(value))).toEqual([]);
      freed.push(...(plan.freedAfter.get(statement.root.out) ?? []));
    }
  };
  for (const { name } of plan.split.sections) {
    walk(plan.sectionStatements.get(name) ?? []);
    freed.push(...(plan.freedAfterSection.get(name) ?? []));
  }
  const outputs = Object.values(program.outputs);
  expect(freed.filter(value => outputs.includes(value))).toEqual([]);
  expect(new Set(freed).size).toBe(freed.length);
  return freed;
}

describe('liveness of random programs, every tensor large', () => {
  beforeAll(() => useBackend('wasm'));

  it('reads nothing that is freed, frees nothing twice, and no output', () => {
    let freed = 0;
    fc.assert(
      fc.property(sectionedProgram, program => {
        freed += freedOnce(program, liveness(program, everything)).length;
      }),
      { numRuns: 200 },
    );
    expect(freed).toBeGreaterThan(200);
  });

  it('lets the emitted program compute the same, with no tensor read after it is freed and none left behind', () => {
    fc.assert(
      fc.property(sectionedProgram, fc.boolean(), (raw, optimize) => {
        // Steps and Cauchy scales jump where float32 rounds to the other side; they have tests of their own.
        fc.pre(!uses(raw, ['step', 'sign', 'cauchyScale', 'cauchyScaleGradient']));
        const program = optimize ? runPasses(raw, passList, () => {}) : raw;
        const given = { ...randomInputs(program, 2, 1), noise: emittedNoise };
        const wanted = interpret(program, given);
        // Beyond this the numbers of such random arithmetic leave the range of float32 on the way.
        fc.pre(Object.values(wanted).every(({ data }) => data.every(entry => Math.abs(entry) < 1e4)));
        const found = runEmitted(emitProgram(program, liveness(program, everything)), program, given);
        for (const [name, { shape, data }] of Object.entries(wanted)) {
          expect(found[name]!.shape).toEqual(shape);
          expectClose(found[name]!.data, data, 1e-4, name);
        }
      }),
      // The same programs each time: a sum that nearly cancels loses more digits than a tolerance can say beforehand.
      { numRuns: 150, seed: 7 },
    );
  });
});

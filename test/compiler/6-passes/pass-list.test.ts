import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorProgram } from '../../../compiler/5-program/tensor-program.ts';
import { cse } from '../../../compiler/6-passes/cse.ts';
import { deadCode } from '../../../compiler/6-passes/dead-code.ts';
import { passList } from '../../../compiler/6-passes/pass-list.ts';
import { runPasses } from '../../../compiler/6-passes/run-passes.ts';
import { expectSameOutputs } from '../../support/expect-pass.ts';
import { randomProgram } from '../../support/random-program.ts';

const silent = (): void => {};
const optimized = (program: TensorProgram): TensorProgram => runPasses(program, passList, silent);
const count = ({ body }: TensorProgram): number => body.length;

describe('passList', () => {
  it('keeps every output of random programs, and verifies each state', () => {
    fc.assert(
      fc.property(randomProgram, program => expectSameOutputs(program, optimized(program))),
      { numRuns: 300 },
    );
  });

  it.each(passList)('$name alone keeps every output of random programs', pass => {
    fc.assert(
      fc.property(randomProgram, program => expectSameOutputs(program, runPasses(program, [pass], silent))),
      { numRuns: 100 },
    );
  });

  it('leaves nothing that its last two passes could still drop', () => {
    fc.assert(
      fc.property(randomProgram, program => {
        const result = optimized(program);
        expect(count(runPasses(result, [cse, deadCode], silent))).toBe(count(result));
      }),
      { numRuns: 100 },
    );
  });

  it('records each state under the name of its pass', () => {
    const names: string[] = [];
    runPasses({ name: 'empty', body: [], outputs: {} }, passList, name => names.push(name));
    expect(names).toEqual([
      'fold-constants',
      'elide-copies',
      'kernel-rows',
      'hoist-invariants',
      'cse',
      'dead-code',
      'norms-of-maps',
      'norms-of-slope-maps',
    ]);
  });
});

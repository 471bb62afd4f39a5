/** Programs of candidates that are kept are those that each strategy lowers to by itself. */
import { describe, expect, it } from 'vitest';
import type { SingleStrategy } from '../../compiler/4-schedule/plan.ts';
import { candidateLowering } from '../../compiler/5-program/lower-candidate.ts';
import { printProgram } from '../../compiler/5-program/print-program.ts';
import { passList } from '../../compiler/6-passes/pass-list.ts';
import { candidatePrograms } from '../../compiler/candidate-programs.ts';
import { convolutional, textDual } from '../support/text-graph.ts';

const dual = textDual(convolutional);
const arithmetic = { kind: 'real' } as const;
const bound = dual.bounds.find(({ name }) => name === 'relu3')!;
const other = dual.bounds.find(({ name }) => name === 'relu2')!;

const fresh = (strategy: SingleStrategy): string =>
  printProgram(passList.reduce((state, pass) => pass.run(state), candidateLowering(dual, arithmetic)(bound, strategy)));

describe('the program of a candidate', () => {
  it('of sparse rows is its own for every number of them, whichever was asked for before', () => {
    for (const rows of [
      { kind: 'backward', relaxation: 'band', chunk: 2 },
      { kind: 'patches', relaxation: 'crown', positions: 4 },
    ] as const) {
      const programOf = candidatePrograms(dual);
      for (const [size, atMost] of [
        [1, 1],
        [1, 0],
        [1, 7],
        [4, 3],
        [4, 0],
        [4, 9],
        [1, 1],
      ] as const) {
        const strategy: SingleStrategy = { kind: 'sparse', rows, size, atMost };
        expect(printProgram(programOf(bound, strategy, arithmetic))).toBe(fresh(strategy));
      }
    }
  });

  it('is not that of another bound', () => {
    const programOf = candidatePrograms(dual);
    const strategy: SingleStrategy = { kind: 'interval' };
    const first = programOf(bound, strategy, arithmetic);
    const second = programOf(other, strategy, arithmetic);
    expect(printProgram(first)).toBe(fresh(strategy));
    expect(printProgram(second)).not.toBe(printProgram(first));
    expect(programOf(bound, strategy, arithmetic)).toEqual(first);
  });
});

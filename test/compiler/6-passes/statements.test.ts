import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSource } from '../../../compiler/5-program/op-table.ts';
import { parseProgram } from '../../../compiler/5-program/parse-program.ts';
import { readsOf, statementsOf } from '../../../compiler/6-passes/statements.ts';
import { sectionedProgram } from '../../support/sectioned-program.ts';

/** Each statement as `root: inlined`. */
function shapeOf(text: string): string[] {
  const program = parseProgram(text);
  return statementsOf(program.body, new Set(Object.values(program.outputs))).map(
    ({ root, inlined }) => `${root.out}:${inlined.map(({ out }) => ` ${out}`).join('')}`,
  );
}

const x = '%0 = input "x" : [b, 2]   ; source | - | x | -';
const from = (role: string, layer = '-'): string => `   ; main | ${layer} | ${role} | -`;

describe('statementsOf', () => {
  it('prints a value inside its only reader when both compute the same thing', () => {
    expect(shapeOf(`${x}\n%1 = exp(%0) : [b, 2]${from('a')}\n%2 = log(%1) : [b, 2]${from('a')}\nout y = %2`)).toEqual([
      '2: 1',
    ]);
  });

  it('names a value of another role or layer, unless the operation is trivial', () => {
    const pair = (kind: string, role: string, layer: string) =>
      shapeOf(
        `${x}\n%1 = ${kind}(%0) : [b, 2]${from(role, layer)}\n%2 = log(%1) : [b, 2]${from('a', 'l')}\nout y = %2`,
      );
    expect(pair('exp', 'b', 'l')).toEqual(['1:', '2:']);
    expect(pair('exp', 'a', 'k')).toEqual(['1:', '2:']);
    expect(pair('abs', 'b', 'k')).toEqual(['2: 1']);
  });

  it('names what is read twice, by one reader or two, and what is an output', () => {
    const value = `%1 = exp(%0) : [b, 2]${from('a')}`;
    expect(shapeOf(`${x}\n${value}\n%2 = mul(%1, %1) : [b, 2]${from('a')}\nout y = %2`)).toEqual(['1:', '2:']);
    expect(
      shapeOf(`${x}\n${value}\n%2 = log(%1) : [b, 2]${from('a')}\n%3 = add(%2, %1) : [b, 2]${from('a')}\nout y = %3`),
    ).toEqual(['1:', '3: 2']);
    expect(shapeOf(`${x}\n${value}\n%2 = log(%1) : [b, 2]${from('a')}\nout y = %2, z = %1`)).toEqual(['1:', '2:']);
  });

  it('ends a statement after five operations, reshapes not counted', () => {
    const steps = Array.from({ length: 6 }, (_, i) => `%${i + 1} = exp(%${i}) : [b, 2]${from('a')}`);
    expect(shapeOf(`${x}\n${steps.join('\n')}\nout y = %6`)).toEqual(['5: 1 2 3 4', '6:']);
    const reshaped = [...steps.slice(0, 5), `%6 = reshape(%5) : [b, 2, 1]${from('a')}`];
    expect(shapeOf(`${x}\n${reshaped.join('\n')}\nout y = %6`)).toEqual(['6: 1 2 3 4 5']);
  });

  it('moves nothing into a chunk loop, and no loop or item into an expression', () => {
    expect(
      shapeOf(`
        %0 = param "w" : [4, 2]   ; source | - | w | -
        %1 = neg(%0) : [4, 2]   ; main | - | a | -
        %2 = summedChunks {rows: 4, size: 2} : [] {   ; main | - | a | -
          %3 = chunkRows(%1) {axis: 0, size: 2} : [2, 2]   ; main | - | a | -
          result %3
        }
        %4 = item(%2) {index: 0} : [2, 2]   ; main | - | a | -
        %5 = neg(%4) : [2, 2]   ; main | - | a | -
        out y = %5`),
    ).toEqual(['1:', '2:', '4:', '5:']);
  });

  it('has every instruction of a random program in one statement, after all that the statement reads', () => {
    fc.assert(
      fc.property(sectionedProgram, ({ body, outputs }) => {
        const statements = statementsOf(body, new Set(Object.values(outputs)));
        const wanted = body.filter(({ op }) => !isSource(op)).map(({ out }) => out);
        const found = statements.flatMap(({ root, inlined }) => [...inlined, root].map(({ out }) => out));
        expect([...found].sort((a, b) => a - b)).toEqual([...wanted].sort((a, b) => a - b));
        const named = new Set(body.filter(({ op }) => isSource(op)).map(({ out }) => out));
        for (const statement of statements) {
          for (const value of readsOf(statement)) expect(named.has(value)).toBe(true);
          named.add(statement.root.out);
        }
      }),
      { numRuns: 100 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import { exportedNames, programRows } from '../../compiler/programs.ts';
import { functionNames } from '../../runtime/contract.ts';
import { compileFor } from '../support/emitted-model.ts';
import { mlp, textGraph } from '../support/text-graph.ts';

describe('the rows of programs', () => {
  it('export every function of the contract, each once', () => {
    expect(exportedNames.toSorted()).toEqual(functionNames.toSorted());
  });

  it('are named as the programs that are lowered from them', () => {
    const { programs } = compileFor(textGraph(mlp));
    expect(Object.keys(programs)).toEqual(Object.keys(programRows));
    for (const [name, program] of Object.entries(programs)) expect(program.name).toBe(name);
  });

  it('name the types of the contract that the heads of their functions need, and no others', () => {
    for (const { functions } of Object.values(programRows))
      for (const { parameters, result, key, types } of Object.values(functions)) {
        const texts = [result.type, ...parameters.map(({ type }) => type)];
        const named = texts.flatMap(text => text.match(/(?<!\.)\b(?!Record|Promise)[A-Z]\w+/g) ?? []);
        const wanted = new Set([...named, ...(key === 'last' ? ['RandomKey'] : [])]);
        expect(types.toSorted()).toEqual([...wanted].toSorted());
      }
  });
});

describe('what a module says of its functions', () => {
  it('lists those that draw', () => {
    expect(compileFor(textGraph(mlp), { bounds: 'train:sketch' }).meta.draws).toEqual(['robustLoss']);
    expect(compileFor(textGraph(mlp), { bounds: 'exact' }).meta.draws).toEqual([]);
  });

  it('proves nothing when rounding is left out', () => {
    expect(compileFor(textGraph(mlp)).meta.certify.proof).toEqual({ kind: 'exact' });
    const why = 'its bounds leave out what rounding does';
    expect(compileFor(textGraph(mlp), { arithmetic: 'real' }).meta.certify.proof).toEqual({ kind: 'none', why });
  });
});

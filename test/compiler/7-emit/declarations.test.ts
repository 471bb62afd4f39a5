import { describe, expect, it } from 'vitest';
import { declarationsOf } from '../../../compiler/7-emit/declarations.ts';
import { exportedNames } from '../../../compiler/programs.ts';
import { compileFor } from '../../support/emitted-model.ts';
import { mlp, textGraph } from '../../support/text-graph.ts';

describe('declarationsOf', () => {
  it('declares exactly what the JavaScript module exports', () => {
    const { code, meta } = compileFor(textGraph(mlp), { language: 'js' });
    const exported = [...code.matchAll(/^export (?:const|(?:async )?function) (\w+)/gm)].map(match => match[1]!);
    const declared = [
      ...declarationsOf(meta, exportedNames).matchAll(/^export declare const (\w+): RobustModel\['(\w+)'\];$/gm),
    ];
    expect(declared.map(match => match[1]!).toSorted()).toEqual(exported.toSorted());
    for (const [, name, member] of declared) expect(member).toBe(name);
    expect(declarationsOf(meta, exportedNames)).toMatch(/^export default model;$/m);
    expect(code).toMatch(/^export default model;$/m);
  });

  it('imports its types from where it is told to', () => {
    const { meta } = compileFor(textGraph(mlp));
    expect(declarationsOf(meta, exportedNames)).toContain("from 'dualc/runtime';");
    expect(declarationsOf(meta, exportedNames, '../runtime.js')).toContain("from '../runtime.js';");
  });
});

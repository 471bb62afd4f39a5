import { describe, expect, it } from 'vitest';
import { runtimeSymbols } from '../../../compiler/shared/runtime-symbols.ts';
import * as runtime from '../../../runtime/index.ts';
import { compileFor, type EmissionOptions } from '../../support/emitted-model.ts';
import { convolutional, textGraph } from '../../support/text-graph.ts';

const plans: readonly EmissionOptions[] = [
  {},
  { bounds: 'backward', memoryBytes: 1 },
  { bounds: 'interval' },
  { bounds: 'certify:relu2=patches,certify:relu3=patches' },
  { bounds: 'certify:relu2=patches,certify:relu3=patches', memoryBytes: 1 },
  { bounds: 'certify:crown', memoryBytes: 1 },
  { bounds: 'certify:sparse' },
  { bounds: 'certify:sparse/crown' },
  { bounds: 'train:sketch', ball: { norm: 'l2', epsilon: 0.1 } },
  { probability: { delta: 0.01, projections: 16, estimators: 1 } },
];

describe('runtimeSymbols', () => {
  it('are functions of the runtime', () => {
    const exported = new Map<string, unknown>(Object.entries(runtime));
    for (const name of runtimeSymbols) expect([name, typeof exported.get(name)]).toEqual([name, 'function']);
  });

  it('are each used by some module, and a module imports those that it uses', () => {
    const used = new Set<string>();
    for (const plan of plans) {
      const { code } = compileFor(textGraph(convolutional), plan);
      const imported = /import \{([^}]*)\} from '[^']*runtime[^']*';/.exec(code)![1]!.match(/\w+/g)!;
      const body = code.slice(code.indexOf('export const meta'));
      const called = runtimeSymbols.filter(name => new RegExp(`(?<![.\\w])${name}[(<]`).test(body));
      expect(imported.toSorted()).toEqual([...called].toSorted());
      for (const name of called) used.add(name);
    }
    expect([...used].toSorted()).toEqual([...runtimeSymbols].toSorted());
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGraph } from '../../../compiler/compile.ts';
import { compileFor } from '../../support/emitted-model.ts';
import { compileDeepPaper, moduleSize } from '../../support/module-size.ts';

describe('an emitted module', () => {
  const modules = [1, 2, 3, 4].map(compileDeepPaper);

  it('grows by as many lines with every layer', () => {
    const lines = modules.map(code => moduleSize(code).lines);
    const steps = lines.slice(1).map((count, index) => count - lines[index]!);
    // The first step brings a kind of layer that the network did not have, with functions of its own.
    const [first = 0, ...others] = steps;
    expect(Math.max(...others)).toBeLessThanOrEqual(first);
    expect(Math.max(...others)).toBeLessThanOrEqual(1.2 * Math.min(...others));
  });

  it('stays below 3,500 lines and 160 kB for the residual network of the examples where all rows walk', () => {
    const { graph } = readGraph('examples/cifar-resnet.arch.ts');
    const { lines, bytes } = moduleSize(compileFor(graph, { bounds: 'certify:exact', arithmetic: 'float32' }).code);
    expect(lines).toBeLessThanOrEqual(3500);
    expect(bytes).toBeLessThanOrEqual(160_000);
  });

  it('stays below 4,400 lines and 212 kB where it holds sparse rows too', () => {
    const { lines, bytes } = moduleSize(readFileSync('examples/cifar-resnet.dual.ts', 'utf8'));
    expect(lines).toBeLessThanOrEqual(4400);
    expect(bytes).toBeLessThanOrEqual(212_000);
  });

  it('has no line over 100 columns', () => {
    // The bytes are UTF-8, the columns characters.
    for (const code of modules) for (const line of code.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});

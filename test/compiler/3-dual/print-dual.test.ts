import { describe, expect, it } from 'vitest';
import { buildDual } from '../../../compiler/3-dual/build-dual.ts';
import { printDual } from '../../../compiler/3-dual/print-dual.ts';
import { readNetwork } from '../../support/read-network.ts';
import { expectGolden, samplesNamed } from '../../support/sample-suite.ts';

const samples = samplesNamed('dual-');

describe('the dual network as text', () => {
  it.each(samples)('$name', sample => {
    const { graph, diagnostics } = readNetwork(sample.entry, { folder: sample.folder });
    expect(diagnostics).toEqual([]);
    expectGolden(sample, 'dual.txt', printDual(buildDual(graph!)));
  });

  it('shows a reversed skip and a reversed fan-out of each kind', () => {
    expect(samples.map(({ name }) => name)).toEqual([
      'input-skip',
      'mlp',
      'residual-identity',
      'shared-bound',
      'three-way-add',
    ]);
  });
});

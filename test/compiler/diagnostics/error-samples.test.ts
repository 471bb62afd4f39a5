import { describe, expect, it } from 'vitest';
import { diagnosticCodes, explainCode } from '../../../compiler/diagnostics/catalog.ts';
import { sourceReader } from '../../../compiler/diagnostics/read-source.ts';
import { renderDiagnostics } from '../../../compiler/diagnostics/render.ts';
import { readNetwork } from '../../support/read-network.ts';
import { expectGolden, samplesNamed } from '../../support/sample-suite.ts';

const samples = samplesNamed('error-');

describe('error samples', () => {
  it.each(samples)('$name', sample => {
    const { graph, diagnostics } = readNetwork(sample.entry, { folder: sample.folder });
    expectGolden(sample, 'diagnostics.txt', renderDiagnostics(diagnostics, sourceReader(sample.folder)));
    const ofCode = diagnostics.filter(({ code }) => code === sample.name);
    expect(ofCode.length, `a diagnostic of the code ${sample.name}`).toBeGreaterThan(0);
    const stops = diagnostics.some(({ severity }) => severity !== 'warning');
    expect(graph === undefined, 'an error stops the compiler, a warning does not').toBe(stops);
  });

  it('shows every code of the catalog', () => {
    expect(samples.map(({ name }) => name)).toEqual([...diagnosticCodes].sort());
  });

  it('explains every code', () => {
    for (const code of diagnosticCodes) expect(explainCode(code)?.length, code).toBeGreaterThan(60);
    expect(explainCode('no-such-code')).toBeNull();
    expect(explainCode('toString')).toBeNull();
  });
});

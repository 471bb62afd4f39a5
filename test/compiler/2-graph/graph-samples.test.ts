import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { printGraph } from '../../../compiler/2-graph/print-graph.ts';
import type { Network } from '../../../compiler/authoring.ts';
import { graphOfNetwork } from '../../../compiler/authoring.ts';
import { createReporter } from '../../../compiler/diagnostics/reporter.ts';
import { comparable, withoutNames, writtenNames } from '../../support/compare-graphs.ts';
import { readNetwork } from '../../support/read-network.ts';
import { expectGolden, samplesNamed } from '../../support/sample-suite.ts';

const samples = samplesNamed('graph-');

describe('graph samples', () => {
  it.each(samples)('$name', sample => {
    const { graph, diagnostics } = readNetwork(sample.entry, { folder: sample.folder });
    expect(diagnostics).toEqual([]);
    expectGolden(sample, 'graph.txt', printGraph(graph!));
  });

  it.each(samples)('$name: the text form is read back', sample => {
    const { graph } = readNetwork(sample.entry, { folder: sample.folder });
    expect(comparable(parseGraph(printGraph(graph!)))).toEqual(comparable(graph!));
  });

  it.each(samples)('$name: the same file, imported and run, builds the same graph', async sample => {
    const { ast, graph } = readNetwork(sample.entry, { folder: sample.folder });
    const module = (await import(pathToFileURL(join(sample.folder, sample.entry)).href)) as { default: Network };
    const reporter = createReporter();
    const run = graphOfNetwork(module.default, reporter);
    expect(reporter.diagnostics).toEqual([]);
    expect(withoutNames(run!)).toEqual(withoutNames(graph!));
    for (const name of writtenNames(ast!)) expect(run!.layers.map(({ id }) => id)).toContain(name);
  });
});

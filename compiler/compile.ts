/** The pipeline: read → graph → dual → schedule → program → passes → emit. Errors of the file stop it at the border of a stage. */
import { type ReadOptions, readArchitecture } from './1-frontend/index.ts';
import { printArch } from './1-frontend/print-arch.ts';
import { buildGraph } from './2-graph/build-graph.ts';
import { checkGraph } from './2-graph/check-graph.ts';
import type { LayerGraph } from './2-graph/layer.ts';
import { printGraph } from './2-graph/print-graph.ts';
import { type Compiled, compileGraph } from './compile-graph.ts';
import { ArchitectureError } from './diagnostics/architecture-error.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { createReporter } from './diagnostics/reporter.ts';
import { type CompileOptions, defaultOptions } from './options.ts';
import { invariant } from './shared/assert.ts';
import { silentTrace, type Trace } from './shared/trace.ts';

export interface ReadResult {
  readonly graph: LayerGraph;
  readonly warnings: readonly Diagnostic[];
}

/** Reads one architecture file, and those it imports, into a verified layer graph. Throws `ArchitectureError` with every problem. */
export function readGraph(path: string, trace: Trace = silentTrace, reading: ReadOptions = {}): ReadResult {
  const reporter = createReporter();
  const ast = readArchitecture(path, reporter, reading);
  const graph = ast === undefined ? undefined : buildGraph(ast, reporter);
  if (reporter.hasErrors) throw new ArchitectureError(reporter.diagnostics);
  invariant(ast !== undefined && graph !== undefined, 'a file without errors has a graph');
  trace.record('10-arch.txt', () => printArch(ast));
  checkGraph(graph);
  trace.record('20-graph.txt', () => printGraph(graph));
  return { graph, warnings: reporter.diagnostics };
}

export interface CompileResult extends Compiled, ReadResult {}

/**
 * Compiles an architecture file to the text of a module; writes nothing.
 * Throws `ArchitectureError` for the file's mistakes, `BoundsRequestError` for a schedule that cannot be.
 */
export function compileArchitecture(
  path: string,
  options: Partial<CompileOptions> = {},
  trace: Trace = silentTrace,
  reading: ReadOptions = {},
): CompileResult {
  const read = readGraph(path, trace, reading);
  return { ...read, ...compileGraph(read.graph, { ...defaultOptions, ...options }, trace) };
}

/** Reads an architecture file, or a text, as far as the layer graph. */
import type { ArchAst } from '../../compiler/1-frontend/arch-ast.ts';
import { type ReadOptions, readArchitecture } from '../../compiler/1-frontend/index.ts';
import { buildGraph } from '../../compiler/2-graph/build-graph.ts';
import { checkGraph } from '../../compiler/2-graph/check-graph.ts';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { createReporter } from '../../compiler/diagnostics/reporter.ts';

export interface ReadNetwork {
  readonly ast: ArchAst | undefined;
  /** Verified. */
  readonly graph: LayerGraph | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function readNetwork(path: string, options: ReadOptions = {}): ReadNetwork {
  const reporter = createReporter();
  const ast = readArchitecture(path, reporter, options);
  const graph = ast && buildGraph(ast, reporter);
  if (graph !== undefined) checkGraph(graph);
  return { ast, graph, diagnostics: reporter.diagnostics };
}

/** Reads texts instead of files; the first one is the main file. Names are relative to an invented folder. */
export function readTexts(texts: Readonly<Record<string, string>>, options: ReadOptions = {}): ReadNetwork {
  const folder = process.cwd();
  const byPath = new Map(Object.entries(texts).map(([name, text]) => [`${folder}/${name}`, text]));
  const open: NonNullable<ReadOptions['open']> = path => {
    const text = byPath.get(path);
    return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
  };
  return readNetwork(Object.keys(texts)[0] ?? '', { ...options, folder, open });
}

/** A file around some statements: `x` is an input of shape [4], `out` the output. */
export function readBody(body: string): ReadNetwork {
  return readTexts({ 'input.arch.ts': wrapBody(body) });
}

export function wrapBody(body: string): string {
  return `import { add, conv2d, dense, flatten, input, l2, linf, network, normalize, relu, reshape } from 'dualc';
const x = input([4]);
let out;
${body}
export default network({ input: x, output: out, ball: linf({ epsilon: 0.1 }) });
`;
}

export const codesOf = ({ diagnostics }: ReadNetwork): string[] => diagnostics.map(({ code }) => code);

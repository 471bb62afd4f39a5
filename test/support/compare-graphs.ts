/** When two layer graphs are the same. */
import type { ArchAst } from '../../compiler/1-frontend/arch-ast.ts';
import type { LayerGraph } from '../../compiler/2-graph/layer.ts';

/** A graph without the places of its layers: kinds, names, connections, shapes, attributes, ball. */
export function comparable({ source: _, sourceHash: __, layers, ...rest }: LayerGraph): unknown {
  return { ...rest, layers: layers.map(({ span: ___, ...layer }) => layer) };
}

/** The same with layers named by position: a running program does not know what its constants are called. */
export function withoutNames(graph: LayerGraph): unknown {
  const position = new Map(graph.layers.map(({ id }, index) => [id, `#${index}`]));
  const rename = (id: (typeof graph.layers)[number]['id']): string | undefined => position.get(id);
  const layers = graph.layers.map(({ span: _, id, inputs, ...layer }) => ({
    ...layer,
    id: rename(id),
    inputs: inputs.map(rename),
  }));
  return { layers, input: rename(graph.input), output: rename(graph.output), ball: graph.ball };
}

/** Names that a file gives with `name:` to layers of the graph. */
export const writtenNames = ({ calls }: ArchAst): string[] => calls.flatMap(({ name }) => name ?? []);

/** The same network with a layer or with units less. Largest cuts first. */
import type { Layer, LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { sameShape } from '../../../compiler/shared/shape.ts';
import type { ExactSubject } from './subject.ts';

export function* smallerStructures(subject: ExactSubject): Generator<ExactSubject> {
  const { layers } = subject.graph;
  const byId = new Map(layers.map(layer => [layer.id, layer]));
  for (const layer of layers.toReversed())
    for (const id of new Set(layer.inputs))
      if (sameShape(byId.get(id)!.shape, layer.shape)) yield withLayers(subject, bypassed(subject.graph, layer, id));
  for (const layer of layers)
    if (layer.kind === 'add' && layer.inputs.length > 2)
      for (const [at] of layer.inputs.entries())
        yield withLayers(subject, replaced(subject.graph, { ...layer, inputs: layer.inputs.toSpliced(at, 1) }));
  for (const layer of layers) yield* withFewerUnits(subject, layer);
}

/** Whoever reads the layer reads one of its inputs instead. */
function bypassed(graph: LayerGraph, { id }: Layer, instead: LayerId): LayerGraph {
  const renamed = (own: LayerId): LayerId => (own === id ? instead : own);
  const layers = graph.layers
    .filter(layer => layer.id !== id)
    .map(layer => ({ ...layer, inputs: layer.inputs.map(renamed) }));
  return { ...graph, layers, output: renamed(graph.output) };
}

const replaced = (graph: LayerGraph, own: Layer): LayerGraph => ({
  ...graph,
  layers: graph.layers.map(layer => (layer.id === own.id ? own : layer)),
});

/** Layers and parameters that nobody needs are dropped. */
function withLayers(subject: ExactSubject, graph: LayerGraph): ExactSubject {
  const needed = new Set<LayerId>([graph.output, graph.input]);
  for (const layer of graph.layers.toReversed())
    if (needed.has(layer.id)) for (const id of layer.inputs) needed.add(id);
  const layers = graph.layers.filter(({ id }) => needed.has(id));
  const params = Object.fromEntries(
    Object.entries(subject.params).filter(([name]) => layers.some(({ id }) => name.startsWith(`${id}.`))),
  );
  return { ...subject, graph: { ...graph, layers }, params };
}

/** Half of a dense layer's units, or one of them, where only nonlinearities and dense layers read them. */
function* withFewerUnits(subject: ExactSubject, layer: Layer): Generator<ExactSubject> {
  if (layer.kind !== 'dense' || layer.id === subject.graph.output || layer.units === 1) return;
  const readers = readersOf(subject.graph, layer.id);
  if (readers === null) return;
  const all = Array.from({ length: layer.units }, (_, unit) => unit);
  const half = Math.ceil(layer.units / 2);
  const cuts = [all.slice(half), all.slice(0, half), ...(layer.units > 2 ? all.map(unit => [unit]) : [])];
  for (const cut of cuts) {
    const kept = all.filter(unit => !cut.includes(unit));
    if (kept.length > 0 && kept.length < layer.units) yield withUnits(subject, layer.id, readers, kept, layer.units);
  }
}

interface Readers {
  readonly nonlinearities: readonly LayerId[];
  readonly dense: readonly LayerId[];
}

/** Null where a layer reads it whose parameters are not by unit. */
function readersOf({ layers, output }: LayerGraph, id: LayerId): Readers | null {
  const [nonlinearities, dense]: [LayerId[], LayerId[]] = [[], []];
  for (const reader of layers.filter(({ inputs }) => inputs.includes(id))) {
    if (reader.kind === 'dense') dense.push(reader.id);
    else if (hasRole(reader, 'nonlinearity') && reader.id !== output) {
      const further = readersOf({ layers, output } as LayerGraph, reader.id);
      if (further === null) return null;
      nonlinearities.push(reader.id, ...further.nonlinearities);
      dense.push(...further.dense);
    } else return null;
  }
  return { nonlinearities, dense };
}

function withUnits(
  { graph, params, ...rest }: ExactSubject,
  id: LayerId,
  { nonlinearities, dense }: Readers,
  kept: readonly number[],
  units: number,
): ExactSubject {
  const shape = [kept.length];
  const layers = graph.layers.map((layer): Layer => {
    if (layer.id === id && layer.kind === 'dense') return { ...layer, shape, units: kept.length };
    return nonlinearities.includes(layer.id) ? { ...layer, shape } : layer;
  });
  const chosen = (name: string, isKept: (at: number) => boolean): [string, Float32Array][] =>
    params[name] === undefined ? [] : [[name, params[name].filter((_, at) => isKept(at))]];
  const columns = [`${id}.weight`, `${id}.bias`].flatMap(name => chosen(name, at => kept.includes(at % units)));
  const rows = dense.flatMap(reader => {
    const width = params[`${reader}.weight`]!.length / units;
    return chosen(`${reader}.weight`, at => kept.includes(Math.floor(at / width)));
  });
  return { ...rest, graph: { ...graph, layers }, params: { ...params, ...Object.fromEntries([...columns, ...rows]) } };
}

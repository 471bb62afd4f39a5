/** Subjects by family and seed. A structure is compiled once and gets numbers many times. */
import { checkGraph } from '../../../compiler/2-graph/check-graph.ts';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import type { Next } from './families/drawing.ts';
import { drawExample, drawTask } from './families/examples.ts';
import { structures } from './families/structures.ts';
import { drawStyle, drawWeights } from './families/weights.ts';
import type { ExactSubject } from './subject.ts';

export interface Structure {
  readonly family: string;
  readonly graph: LayerGraph;
  draw(next: Next): ExactSubject;
}

export const families: readonly string[] = Object.keys(structures);

export function drawStructure(family: string, next: Next): Structure {
  const graph = structures[family]!(next);
  checkGraph(graph);
  return {
    family,
    graph,
    draw(own) {
      const params = drawWeights(graph, drawStyle(own), own);
      const x = drawExample(graph, own);
      return { graph, params, x, ...drawTask(graph, params, x, own) };
    },
  };
}

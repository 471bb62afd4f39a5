/** Subjects by family and seed. A structure is compiled once and gets numbers many times. */
import fc from 'fast-check';
import { checkGraph } from '../../../compiler/2-graph/check-graph.ts';
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { randomNetwork } from '../../support/random-network.ts';
import { centre } from './families/centred.ts';
import { type Constructed, constructed } from './families/constructed.ts';
import { type Next, whole } from './families/drawing.ts';
import { drawExample, drawTask } from './families/examples.ts';
import { drawBall, structures } from './families/structures.ts';
import { drawStyle, drawWeights } from './families/weights.ts';
import type { ExactSubject } from './subject.ts';

const random = 'any graph';

export const families: readonly string[] = [...Object.keys(structures), random, ...Object.keys(constructed)];

/** Throws an `Error` when there is no such family. */
export function drawStructure(family: string, next: Next): Constructed {
  const own = constructed[family]?.(next) ?? withDrawnNumbers(graphOf(family, next));
  checkGraph(own.graph);
  return own;
}

function graphOf(family: string, next: Next): LayerGraph {
  if (family !== random) {
    const structure = structures[family];
    if (structure === undefined) throw new Error(`no family is called ${family}; there are ${families.join(', ')}`);
    return structure(next);
  }
  // Of the generator of the float64 soundness run: every mix of layers, skips and branches.
  const [drawn] = fc.sample(randomNetwork, { seed: whole(next, 0, 2 ** 30), numRuns: 1 });
  return { ...drawn!.graph, ball: drawBall(next) };
}

const withDrawnNumbers = (graph: LayerGraph): Constructed => ({
  graph,
  draw(next): ExactSubject {
    const style = drawStyle(next);
    const params = drawWeights(graph, style, next);
    const x = drawExample(graph, next);
    if (style.isCentred) centre(graph, params, x, next);
    return { graph, params, x, ...drawTask(graph, params, x, next) };
  },
});

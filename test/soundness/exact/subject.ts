/** A network with its numbers, one example and the radius of its ball: what one certificate speaks of. */
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { printGraph } from '../../../compiler/2-graph/print-graph.ts';
import { sizeOf } from '../../../compiler/shared/shape.ts';

/** All numbers but `epsilon` are float32. */
export interface ExactSubject {
  /** Its ball says norm and box; the radius is `epsilon`. */
  readonly graph: LayerGraph;
  readonly params: Readonly<Record<string, Float32Array>>;
  readonly x: Float32Array;
  readonly label: number;
  readonly epsilon: number;
}

export const classesOf = ({ layers, output }: LayerGraph): number =>
  sizeOf(layers.find(({ id }) => id === output)!.shape);

/** As text from which the network can be built again: `parseGraph` reads the first part, JSON the others. */
export function printSubject({ graph, params, x, label, epsilon }: ExactSubject): string {
  const numbers = Object.entries(params).map(([name, values]) => `${name}: [${[...values].join(', ')}]`);
  return [
    printGraph(graph).trimEnd(),
    ...numbers,
    `x: [${[...x].join(', ')}], label: ${label}, epsilon: ${epsilon}`,
    '',
  ].join('\n');
}

/** The layer graph as text: one line per layer. `parse-graph.ts` reads it back. */

import { printShape } from '../shared/shape.ts';
import { printSpan } from '../shared/span.ts';
import { visibleText } from '../shared/visible-text.ts';
import { attributeForms } from './attribute-forms.ts';
import type { Ball, Layer, LayerGraph } from './layer.ts';

/** `conv1 = conv2d(image) {filters: 16, …} : [14, 14, 16]  # mnist-small.arch.ts:5` */
export function printGraph(graph: LayerGraph): string {
  const heads = graph.layers.map(
    layer => `${layer.id} = ${layer.kind}(${layer.inputs.join(', ')})${printAttributes(layer)}`,
  );
  const width = Math.max(...heads.map(head => head.length));
  const lines = graph.layers.map((layer, index) => {
    const shape = printShape(layer.shape);
    return `${heads[index]!.padEnd(width)} : ${shape.padEnd(14)} # ${printSpan(layer.span)}`;
  });
  return [
    `graph ${visibleText(graph.source)}`,
    `hash ${graph.sourceHash}`,
    `ball ${printBall(graph.ball)}`,
    ...lines,
    `output ${graph.output}`,
    '',
  ].join('\n');
}

/** What stands between braces; shape and inputs have places of their own. */
function printAttributes(layer: Layer): string {
  const values = new Map<string, unknown>(Object.entries(layer));
  const parts = attributeForms(layer.kind).map(
    ([name, form]) => `${name}: ${printValue(form.print(values.get(name)))}`,
  );
  return parts.length === 0 ? '' : ` {${parts.join(', ')}}`;
}

const printValue = (value: unknown): string => (Array.isArray(value) ? printShape(value) : String(value));

/** `linf 0.1 in [0, 1]`, `l2 0.5`. */
export function printBall(ball: Ball): string {
  const box = ball.norm === 'linf' && ball.box !== null ? ` in ${printShape(ball.box)}` : '';
  return `${ball.norm} ${ball.epsilon}${box}`;
}

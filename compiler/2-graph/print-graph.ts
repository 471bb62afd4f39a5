/** The layer graph as text: one line per layer. `parse-graph.ts` reads it back. */
import { printShape } from '../shared/shape.ts';
import { printSpan } from '../shared/span.ts';
import { visibleText } from '../shared/visible-text.ts';
import type { Ball, LayerGraph, LayerKind, LayerOf } from './layer.ts';

type AttributePrinter<Kind extends LayerKind> = (layer: LayerOf<Kind>) => Readonly<Record<string, unknown>>;

/** What stands between braces; shape and inputs have places of their own. */
const attributePrinters: { readonly [Kind in LayerKind]: AttributePrinter<Kind> } = {
  input: () => ({}),
  conv2d: ({ filters, kernelSize, strides, padding: { top, bottom, left, right }, useBias }) => ({
    filters,
    kernelSize,
    strides,
    padding: [top, bottom, left, right],
    useBias,
  }),
  dense: ({ units, useBias }) => ({ units, useBias }),
  relu: () => ({}),
  flatten: () => ({}),
  reshape: () => ({}),
  add: () => ({}),
  normalize: ({ mean, std }) => ({ mean, std }),
};

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

function printAttributes<Kind extends LayerKind>(layer: LayerOf<Kind>): string {
  const printer = attributePrinters[layer.kind] as AttributePrinter<Kind>;
  const parts = Object.entries(printer(layer)).map(([name, value]) => `${name}: ${printValue(value)}`);
  return parts.length === 0 ? '' : ` {${parts.join(', ')}}`;
}

const printValue = (value: unknown): string => (Array.isArray(value) ? printShape(value) : String(value));

/** `linf 0.1 in [0, 1]`, `l2 0.5`. */
export function printBall(ball: Ball): string {
  const box = ball.norm === 'linf' && ball.box !== null ? ` in ${printShape(ball.box)}` : '';
  return `${ball.norm} ${ball.epsilon}${box}`;
}

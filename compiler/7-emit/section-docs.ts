/** What the comments above the functions of each program say. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { Plan, Strategy } from '../4-schedule/plan.ts';
import { printStrategy } from '../4-schedule/plan.ts';
import { printSpan } from '../shared/span.ts';
import { lineWidth } from './line-width.ts';
import { capitalized } from './safe-identifier.ts';
import { type CommentText, commentLines } from './safe-text.ts';
import { forwardOf, isGradient, type SectionNames } from './section-names.ts';

/** Gives the comment above a section's function; `plan` is that of the program's bounds, if it has any. */
export function sectionDocs(
  graph: LayerGraph,
  plan: Plan | null,
  names: ReadonlyMap<string, SectionNames>,
): (section: string) => CommentText[] {
  const layers = new Map<string, Layer>(graph.layers.map(layer => [layer.id, layer]));
  const strategies = new Map(plan?.choices.map(({ bound, strategy }) => [bound, strategy]));
  return section =>
    docOf(section, { graph, layers, strategies, names }).flatMap(line => commentLines(line, lineWidth - 3));
}

interface DocContext {
  readonly graph: LayerGraph;
  readonly layers: ReadonlyMap<string, Layer>;
  /** By bound. */
  readonly strategies: ReadonlyMap<string, Strategy>;
  readonly names: ReadonlyMap<string, SectionNames>;
}

function docOf(section: string, { graph, layers, strategies, names }: DocContext): string[] {
  if (isGradient(section)) {
    const forward = names.get(forwardOf(section))?.function ?? forwardOf(section);
    return [`The adjoint of \`${forward}\`: from the gradients for its results to those for its operands.`];
  }
  if (section.startsWith('bounds:')) {
    const name = section.slice('bounds:'.length);
    const layer = layers.get(name);
    const place = layer === undefined ? '' : ` (${printSpan(layer.span)})`;
    const chosen = strategies.get(name);
    const strategy = chosen === undefined ? '' : ` ${capitalized(printStrategy(chosen))}.`;
    return [
      `Bounds of the input of ${name}${place}, \`[batch, ${layer?.shape.join(', ')}]\`, and its band.${strategy}`,
    ];
  }
  if (section === 'ball') return [ballDoc(graph)];
  if (section === 'margins') return marginsDoc(strategies.get('margins'));
  if (section === 'loss')
    return [
      'Cross entropy of the scores against the labels, averaged over the batch, and the share of wrong examples.',
    ];
  if (section === 'losses') return ['Cross entropy of the logits of each example against its label.'];
  return ['The network itself.'];
}

function ballDoc({ ball }: LayerGraph): string {
  if (ball.norm === 'l2') return 'The l2 ball of radius epsilon around `x`.';
  const box = ball.box === null ? '' : `, cut to the box [${ball.box.join(', ')}]`;
  return `Centre and radius of the l-infinity ball around \`x\`${box}.`;
}

function marginsDoc(strategy: Strategy | undefined): string[] {
  const how =
    strategy?.kind === 'interval'
      ? ' from the intervals of the last nonlinearities'
      : ', rows walking back to the input';
  return [`Lower bounds of \`f_label - f_class\` over the ball, \`[batch, classes]\`${how}.`];
}

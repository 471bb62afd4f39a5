/** What the comments above the functions of each program say. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { Plan, Strategy } from '../4-schedule/plan.ts';
import { printStrategy, type RelaxationKind, relaxationsMet } from '../4-schedule/plan.ts';
import { printSpan } from '../shared/span.ts';
import type { ModuleFunctions } from './functions/build-functions.ts';
import type { FinishedFunction } from './functions/finish-functions.ts';
import { lineWidth } from './line-width.ts';
import { capitalized } from './safe-identifier.ts';
import { type Code, docComment } from './safe-text.ts';
import { forwardOf, isGradient } from './section-names.ts';

/** Gives the comment above a function; `plan` is that of the program's bounds, if it has any. */
export function sectionDocs(
  graph: LayerGraph,
  plan: Plan | null,
  functions: ModuleFunctions,
): (of: FinishedFunction) => Code[] {
  const layers = new Map<string, Layer>(graph.layers.map(layer => [layer.id, layer]));
  const strategies = new Map(plan?.choices.map(({ bound, strategy }) => [bound, strategy]));
  const context: DocContext = { graph, layers, strategies, functions };
  return ({ group: { members }, names: { words } }) => {
    const [first, ...others] = members;
    if (first === undefined) return [];
    const own = first.kind === 'part' ? partDoc(words.title) : docOf(first.program, first.name, context);
    const names = [...new Set(others.filter(({ kind }) => kind === 'section').map(({ name }) => name))];
    const more = names.filter(name => name !== first.name).map(name => name.replace(/^(gradient:|bounds:)+/, ''));
    const lines = more.length === 0 ? own : [...own, `The same for ${listed(more)}.`];
    return docComment(lines, lineWidth);
  };
}

const listed = (names: readonly string[]): string => {
  const [first = '', ...others] = names;
  const last = others.at(-1);
  return last === undefined ? first : `${[first, ...others.slice(0, -1)].join(', ')} and ${last}`;
};

interface DocContext {
  readonly graph: LayerGraph;
  readonly layers: ReadonlyMap<string, Layer>;
  /** By bound. */
  readonly strategies: ReadonlyMap<string, Strategy>;
  readonly functions: ModuleFunctions;
}

/** The parts that lowerings mark, by how their names begin. */
const partDocs: readonly (readonly [RegExp, (layer: string) => string])[] = [
  [/^back on windows from (.*)$/, layer => `Rows on windows of ${layer}, walked back, and the norms that they meet.`],
  [/^back from (.*)$/, layer => `Rows on ${layer}, walked back, and the norms that they meet.`],
  [/^(?:forward to) (.*)$/, layer => `The network from the nonlinearity before it up to ${layer}.`],
  [/^centre of (.*)$/, layer => `Centres up to ${layer}.`],
  [/^size of (.*)$/, layer => `Sizes up to ${layer}: no less than what the network and the centre are there.`],
  [/^underflow of (.*)$/, () => 'What flushing to zero may cost each example, with a layer of that size.'],
  [/^bounds of (.*)$/, () => 'Bounds around a centre: the reach of the rows, rounding and flushing to zero.'],
  [/^interval of (.*)$/, layer => `Centre and radius of the interval around ${layer}.`],
  [/^half width of (.*)$/, () => 'Half the width of an interval, so that it holds when its ends are rounded too.'],
  [/^undecided of (.*)$/, () => 'Where an interval holds numbers on both sides of 0: 1, and where it does not.'],
  [/^better bounds of (.*)$/, () => 'Of an interval, and of what rows reach where they walked, the tighter bounds.'],
  [/^band of (.*)$/, layer => `The band of ${layer} over the bounds of its input.`],
  [/^gradient of (.*)$/, part => `The adjoint of the steps ${part}.`],
];

function partDoc(part: string): string[] {
  for (const [pattern, doc] of partDocs) {
    const [, words] = pattern.exec(part) ?? [];
    if (words !== undefined) return [doc(words)];
  }
  return [`${capitalized(part)}.`];
}

function docOf(program: string, section: string, { graph, layers, strategies, functions }: DocContext): string[] {
  if (isGradient(section)) {
    const forward = functions.nameOf(program, forwardOf(section));
    return [`The adjoint of \`${forward}\`.`];
  }
  if (section.startsWith('bounds:')) {
    const name = section.slice('bounds:'.length);
    const layer = layers.get(name);
    const place = layer === undefined ? '' : printSpan(layer.span);
    const chosen = strategies.get(name);
    const strategy = chosen === undefined ? '' : `: ${printStrategy(chosen)}`;
    const met = new Set([...strategies.values()].flatMap(relaxationsMet));
    const lines = [...met].map(kind => relaxationWords[kind]).join(' and ');
    const its = lines === '' ? '' : ` and ${lines}`;
    return [`Bounds of the input of ${name}${its} (${place})${strategy}.`];
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

const relaxationWords: { readonly [Kind in RelaxationKind]: string } = { band: 'its band', crown: 'its CROWN lines' };

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

/** Layer graph → the walk from every layer back to the input. */
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import { roleOf } from '../2-graph/roles.ts';
import { definitionOf } from '../layers/registry.ts';
import { addTo } from '../shared/add-to.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import type { DualStep, Walk } from './dual.ts';

export function buildWalks(graph: LayerGraph): ReadonlyMap<LayerId, Walk> {
  const atBall = ballLayer(graph);
  const places = new Map(graph.layers.map((layer, place) => [layer.id, place]));
  /** Where all paths from a layer to the input meet again: the place of the nearest such layer. The input has none. */
  const meetings: number[] = [];
  const walks = new Map<LayerId, Walk>();
  for (const [place, layer] of graph.layers.entries()) {
    const inputs = layer.inputs.map(id => found(places.get(id), `place of ${id}`));
    const meeting = inputs.length === 0 ? place : inputs.reduce(meetingOf);
    meetings.push(meeting);
    if (inputs.length === 0 || layer.id === atBall) {
      walks.set(layer.id, createWalk([{ kind: 'ball', of: layer.id }], null));
      continue;
    }
    const end = found(graph.layers[meeting], 'the layer where paths meet');
    const steps = stepsBetween(graph.layers.slice(meeting + 1, place + 1), end.id);
    walks.set(layer.id, createWalk(steps, found(walks.get(end.id), `walk of ${end.id}`)));
  }
  return walks;

  /** A layer stands after all that it depends on: of two places the later one cannot be on the way of the earlier. */
  function meetingOf(one: number, other: number): number {
    let [earlier, later] = one < other ? [one, other] : [other, one];
    while (earlier !== later) {
      const next = found(meetings[later], 'a meeting');
      [earlier, later] = next < earlier ? [next, earlier] : [earlier, next];
    }
    return earlier;
  }
}

/**
 * Where the ball's norm is taken: behind the layers that only scale the entries of the input, one after the other, if the last of them
 * would multiply every row on its way back. An l2 ball that is scaled is none, so there it is the input.
 */
function ballLayer({ layers, input, ball }: LayerGraph): LayerId {
  let [reached, scaled] = [input, input];
  if (ball.norm === 'l2') return input;
  for (;;) {
    const [reader, ...others] = layers.filter(({ inputs }) => inputs.includes(reached));
    if (reader === undefined || others.length > 0 || reader.inputs.length > 1) return scaled;
    const definition = definitionOf(reader.kind);
    if (definition.role !== 'affine' || !definition.inPlace) return scaled;
    reached = reader.id;
    if (definition.roundings(reader, reader.shape).backward > 0) scaled = reached;
  }
}

export const createWalk = (steps: readonly DualStep[], rest: Walk | null): Walk => ({
  steps,
  rest,
  *[Symbol.iterator]() {
    for (let walk: Walk | null = this; walk !== null; walk = walk.rest) yield* walk.steps;
  },
});

/** From the last of the layers back to `end`, which stands before them: what the dual does at each, and the sum at the end. */
function stepsBetween(layers: readonly Layer[], end: LayerId): DualStep[] {
  const senders = new Map<LayerId, LayerId[]>();
  const steps: DualStep[] = [];
  const sumAt = (of: LayerId): void => {
    const from = senders.get(of) ?? [];
    if (from.length > 1) steps.push({ kind: 'sum', of, from });
  };
  for (const [index, layer] of layers.toReversed().entries()) {
    if (index > 0 && !senders.has(layer.id)) continue;
    sumAt(layer.id);
    steps.push(stepAt(layer));
    for (const input of layer.inputs) addTo(senders, input, layer.id);
  }
  sumAt(end);
  return steps;
}

function stepAt(layer: Layer): DualStep {
  const of = layer.id;
  const first = (): LayerId => found(layer.inputs[0], `input of ${of}`);
  const role = roleOf(layer);
  switch (role) {
    case 'input':
      return { kind: 'ball', of };
    case 'nonlinearity':
      return { kind: 'relax', of, to: first(), reads: first() };
    case 'sum':
      return { kind: 'copy', of, to: layer.inputs };
    case 'concat':
      return { kind: 'cut', of, to: layer.inputs };
    case 'affine':
      return { kind: 'transpose', of, to: first() };
    default:
      return assertNever(role);
  }
}

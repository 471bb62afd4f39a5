/**
 * In which order PyTorch has the numbers that a layer puts out, when its network is the same function.
 *
 * PyTorch keeps a map `[channels, height, width]`, dualc `[height, width, channels]`; everything else has the same axes in both. No
 * reshape moves a number, here or there (`view`, `Flatten`), so it also keeps what the two orders have to do with each other: behind
 * a flattened map entry `(y, x, c)` here is entry `(c, y, x)` there, however often the vector is reshaped, and whatever happens to it
 * number by number. Sums ask that their operands agree. Operands side by side are orders side by side; of maps they are more channels.
 *
 * A kernel reads its input by position and channel. The channels may be permuted, for its own input axis can be, the positions may not:
 * `[4, 4, 8]` reshaped to `[2, 2, 32]` puts together numbers that PyTorch's `view(32, 2, 2)` keeps apart, and a vector that becomes a map is
 * in dualc's order of that map, not in PyTorch's. Such a network has no weights in layout `pytorch`.
 *
 * A vector from the input or from a dense layer has one order, the same in both: a dense layer whose outputs would have to be
 * permuted, because they are added to a flattened map or become one, is refused like the rest.
 */
import { definitionOf } from '../layers/registry.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { type Shape, sizeOf } from '../shared/shape.ts';
import { printSpan } from '../shared/span.ts';
import type { Layer, LayerGraph } from './layer.ts';

/** A run of entries: here channel by channel of each position, in PyTorch position by position of each channel. */
export type OrderBlock = readonly [positions: number, channels: number];

/** Runs side by side, the same run in both; none that moves nothing stands beside another. Equal lists mean equal orders, and no others do. */
export interface KnownOrder {
  readonly kind: 'known';
  readonly blocks: readonly OrderBlock[];
}
export interface UnknownOrder {
  readonly kind: 'unknown';
  /** Which layer has no counterpart in PyTorch, and why. */
  readonly why: string;
}
export type PytorchOrder = KnownOrder | UnknownOrder;

/** Of the output of every layer. */
export function pytorchOrders({ layers }: LayerGraph): ReadonlyMap<LayerId, PytorchOrder> {
  const shapes = new Map(layers.map(({ id, shape }) => [id, shape]));
  const orders = new Map<LayerId, PytorchOrder>();
  for (const layer of layers) {
    const inputs = layer.inputs.map(id => ({
      order: found(orders.get(id), `order of ${id}`),
      shape: found(shapes.get(id), `shape of ${id}`),
    }));
    orders.set(layer.id, orderOf(layer, inputs));
  }
  return orders;
}

interface Operand {
  readonly order: PytorchOrder;
  readonly shape: Shape;
}

function orderOf(layer: Layer, inputs: readonly Operand[]): PytorchOrder {
  const definition = definitionOf(layer.kind);
  const first = (): Operand => found(inputs[0], `input of ${layer.id}`);
  switch (definition.role) {
    case 'input':
      return ownOrder(layer.shape);
    case 'nonlinearity':
      return first().order;
    case 'sum':
      return sumOrder(layer, inputs);
    case 'concat':
      return joinedOrder(layer, inputs);
    case 'affine':
      switch (definition.pytorchOrder) {
        case 'own':
          return ownOrder(layer.shape);
        case 'kept':
          return first().order;
        case 'byChannel':
          return mapOrder(layer, channelOrder(layer, first()));
        default:
          return assertNever(definition.pytorchOrder);
      }
    default:
      return assertNever(definition);
  }
}

/** Of a shape that nothing has rearranged. */
const ownOrder = (shape: Shape): KnownOrder => known([shape.length === 3 ? runsOf(shape) : [1, sizeOf(shape)]]);

const runsOf = (map: Shape): OrderBlock => [sizeOf(map.slice(0, -1)), map.at(-1) ?? 1];

function sumOrder(layer: Layer, inputs: readonly Operand[]): PytorchOrder {
  const orders = inputs.map(({ order }) => order);
  const first = found(orders[0], `input of ${layer.id}`);
  const odd = orders.find(order => order.kind === 'unknown' || !sameOrder(order, first));
  if (odd === undefined || odd.kind === 'unknown') return odd ?? first;
  return unknown(layer, 'adds up numbers that PyTorch has in different orders');
}

function joinedOrder(layer: Layer, inputs: readonly Operand[]): PytorchOrder {
  const channels = inputs.map(input => channelOrder(layer, input));
  const blocks: OrderBlock[] = [];
  for (const order of channels) {
    if (order.kind === 'unknown') return order;
    blocks.push(...order.blocks);
  }
  return mapOrder(layer, known(blocks));
}

/**
 * In which order PyTorch has the channels of an input, when it has its positions in the order they have here.
 * @param reader who needs to know
 */
export function channelOrder(reader: Layer, { order, shape }: Operand): PytorchOrder {
  if (order.kind === 'unknown') return order;
  const [positions, channels] = runsOf(shape);
  if (positions === 1) return order;
  // With several positions no other order of channels than the usual one can be written as runs.
  if (sameOrder(order, ownOrder(shape))) return known([[1, channels]]);
  return unknown(reader, 'reads numbers as a map that PyTorch arranges as another map');
}

/** Of a layer's output, whose positions are in one order in both, its channels in the given one. */
function mapOrder(layer: Layer, channels: PytorchOrder): PytorchOrder {
  if (channels.kind === 'unknown' || sizeOf(layer.shape.slice(0, -1)) === 1) return channels;
  if (isIdentity(channels)) return ownOrder(layer.shape);
  return unknown(layer, 'makes a larger map of channels that PyTorch has in another order');
}

const unknown = (layer: Layer, what: string): UnknownOrder => ({
  kind: 'unknown',
  why: `${layer.id} (${printSpan(layer.span)}) ${what}`,
});

/** Runs of one position or one channel move nothing; neighbours of that kind become one. */
function known(blocks: readonly OrderBlock[]): KnownOrder {
  const merged: OrderBlock[] = [];
  for (const block of blocks) {
    const last = merged.at(-1);
    const still: OrderBlock = movesNothing(block) ? [1, block[0] * block[1]] : block;
    if (last !== undefined && movesNothing(last) && movesNothing(still))
      merged[merged.length - 1] = [1, last[1] + still[1]];
    else merged.push(still);
  }
  return { kind: 'known', blocks: merged };
}

const movesNothing = ([positions, channels]: OrderBlock): boolean => positions === 1 || channels === 1;

export const isIdentity = ({ blocks }: KnownOrder): boolean => blocks.every(movesNothing);

const sameOrder = (one: KnownOrder, other: PytorchOrder): boolean =>
  other.kind === 'known' && JSON.stringify(one.blocks) === JSON.stringify(other.blocks);

/** Problems of the network as a whole: shapes, connections, the ball. */
import { printShape, type Shape } from '../../shared/shape.ts';
import type { Entries } from './entry.ts';

export interface GraphProblems {
  'add-shape-mismatch': { first: Shape; other: Shape };
  'concat-shape-mismatch': { first: Shape; other: Shape };
  'kernel-too-large': { kernel: Shape; padded: Shape };
  'wrong-rank': { of: string; expected: string; found: Shape; help: string };
  'reshape-size-mismatch': { from: Shape; to: Shape; fromSize: number; toSize: number };
  'channel-count-mismatch': { what: string; given: number; channels: number };
  'layer-too-large': { of: string; shape: Shape; limit: number };
  'weights-too-large': { of: string; shape: Shape; limit: number };
  'duplicate-name': { name: string; sameCall: boolean };
  'unused-layer': { what: string };
  'no-network': { found: string | null };
  'network-input': { found: string };
  'output-not-reached': Record<never, never>;
  'second-input': Record<never, never>;
  'output-not-logits': { shape: Shape };
  'box-outside-data': { box: readonly [number, number]; range: readonly [number, number] };
  'epsilon-covers-range': { epsilon: number; range: readonly [number, number]; box: readonly [number, number] | null };
}

export const graphProblems: Entries<GraphProblems> = {
  'add-shape-mismatch': {
    severity: 'error',
    title: () => 'the branches of add() have different shapes',
    help: ({ first, other }) => addHelp(first, other),
    explain:
      'add() adds its operands number by number, so their shapes must be equal; nothing is broadcast. In a residual block the skip branch must change size and channels as the main branch does: give its 1×1 convolution the same `filters` and `strides`.',
  },
  'concat-shape-mismatch': {
    severity: 'error',
    title: () => 'the operands of concat() differ in more than their last axis',
    help: ({ first, other }) =>
      first.length === other.length
        ? 'bring them to the same height and width, by strides, pooling or padding'
        : 'a map and a vector have no common axis: flatten() the map, or reshape() the vector',
    explain:
      'concat() puts its operands side by side on the last axis: maps of one height and width become a map with the channels of all, vectors become one vector. All other axes must be equal.',
  },
  'kernel-too-large': {
    severity: 'error',
    title: ({ kernel, padded }) =>
      `the kernel of ${kernel.join('×')} is larger than its padded input of ${padded.join('×')}`,
    help: () => "use a smaller kernel, more padding (`padding: 'same'`), or fewer strides before",
    explain:
      'A convolution needs at least one position where its kernel fits into the padded input; otherwise its output would be empty.',
  },
  'wrong-rank': {
    severity: 'error',
    title: ({ of, expected, found }) => `${of} needs ${expected}, not ${printShape(found)}`,
    help: ({ help }) => help,
    explain:
      'conv2d works on [height, width, channels], dense on a vector [units]. Between them stands flatten(), or reshape() the other way. The batch is not part of a shape.',
  },
  'reshape-size-mismatch': {
    severity: 'error',
    title: ({ from, to, fromSize, toSize }) =>
      `${printShape(from)} holds ${fromSize} numbers and cannot become ${printShape(to)}, which holds ${toSize}`,
    explain: 'reshape() keeps all numbers and their order, so the products of both shapes must be equal.',
  },
  'channel-count-mismatch': {
    severity: 'error',
    title: ({ what, given, channels }) =>
      `${what} has ${given} ${given === 1 ? 'value' : 'values'} for ${channels} ${channels === 1 ? 'channel' : 'channels'}`,
    help: () => 'give one value per channel, or a single number for all of them',
    explain:
      'normalize() works per channel, the last axis of its input. `mean` and `std` are one number each, or a list with one number per channel.',
  },
  'layer-too-large': {
    severity: 'error',
    title: ({ of, shape, limit }) =>
      `the output of ${of} is ${printShape(shape)}, more than ${limit} numbers per example`,
    explain:
      'A layer may hold at most 268,435,456 numbers per example (1 GiB). Look for a size that was multiplied twice.',
  },
  'weights-too-large': {
    severity: 'error',
    title: ({ of, shape, limit }) => `the weights of ${of} are ${printShape(shape)}, more than ${limit} numbers`,
    help: ({ of }) =>
      of === 'dense()'
        ? 'make its input smaller, by convolutions with strides before flatten(), or take fewer units'
        : 'take a smaller kernel or fewer filters',
    explain:
      'The weights of one layer may be at most 268,435,456 numbers (1 GiB). Training needs them several times over, for gradients and moments, and a file of weights holds 2 GiB. Often a map was flattened before it was made small.',
  },
  'duplicate-name': {
    severity: 'error',
    title: ({ name }) => `two layers are named '${name}'`,
    help: ({ name, sameCall }) =>
      sameCall
        ? `the call is reached more than once: build the name from a parameter, as in \`${name}_\${index}\``
        : 'rename one of them',
    explain:
      'A name given with `name:` is used as it stands, for weights and for reports, so it must be unique. Names taken from a `const` are made unique by a number: `main`, `main_2`.',
  },
  'unused-layer': {
    severity: 'warning',
    title: ({ what }) => `the output does not use this ${what}`,
    help: () => 'connect it, or delete it: it is left out of the compiled network',
    explain:
      'The layer is built and no path leads from it to the output, so it is left out. Often a variable was not reassigned: `relu(x)` instead of `x = relu(x)`.',
  },
  'no-network': {
    severity: 'error',
    title: ({ found }) =>
      found === null ? 'the file has no default export' : `the default export is ${found}, not a network`,
    help: () => 'end the file with `export default network({ input, output, ball: linf({ epsilon: 0.1 }) })`',
    explain:
      'The default export of an architecture file is what gets compiled. A file of shared blocks needs none, and is imported by others.',
  },
  'network-input': {
    severity: 'error',
    title: ({ found }) => `the input of the network must be made by input(), not by ${found}`,
    explain: 'The ball around an example lives in the space of the input, so the network starts at an `input(shape)`.',
  },
  'output-not-reached': {
    severity: 'error',
    title: () => 'the output does not depend on the input of the network',
    help: () => 'follow the layers from the output back: one of them starts from another input()',
    explain: 'No path of layers leads from `input` to `output`, so every input would get the same answer.',
  },
  'second-input': {
    severity: 'unsupported',
    title: () => 'the output also depends on a second input()',
    help: () => 'use one input(); split it with layers if parts are treated differently',
    explain: 'Certificates speak of one ball around one input. A network with two inputs has no such ball.',
  },
  'output-not-logits': {
    severity: 'error',
    title: ({ shape }) => `the output must be a vector of at least two logits, not ${printShape(shape)}`,
    help: ({ shape }) =>
      shape.length === 1
        ? 'give the last dense layer one unit per class'
        : 'end with dense(flatten(x), { units: classes })',
    explain:
      'The output holds one logit per class. Margins are differences of logits, so there are at least two, and the shape is [classes].',
  },
  'box-outside-data': {
    severity: 'error',
    title: ({ box, range }) => `the box ${printShape(box)} does not contain the data range ${printShape(range)}`,
    help: ({ box, range }) =>
      `if your data lies in ${printShape(box)}, say so where the input is made: input(shape, { range: ${printShape(box)} }); else write box: ${printShape(range)}`,
    explain:
      'The box says which inputs are possible at all; the ball is cut to it. An example outside the box would have an empty ball, and everything could be proved of it. The data range is [0, 1] unless input() says otherwise.',
  },
  'epsilon-covers-range': {
    severity: 'warning',
    title: ({ epsilon, range }) => `epsilon ${epsilon} covers the whole data range ${printShape(range)}`,
    help: ({ box, range }) =>
      box === null || (box[0] === range[0] && box[1] === range[1])
        ? 'epsilon is in units of the input: eight grey levels of pixels in [0, 1] are 8/255'
        : `the box is ${printShape(box)}: if your data lies there, say so where the input is made: input(shape, { range: ${printShape(box)} })`,
    explain:
      'With a radius as wide as the data every input can become any other, and nothing can be certified. Usually a division by 255 is missing.',
  },
};

function addHelp(first: Shape, other: Shape): string {
  if (first.length !== other.length) return 'flatten() or reshape() the one as the other';
  const last = first.length - 1;
  const spatial = first.slice(0, last).every((dim, axis) => dim === other[axis]);
  if (spatial)
    return `give the layers that make the branches the same ${last === 0 ? 'units' : 'filters'}: ${first[last]} or ${other[last]}`;
  return 'give both branches the same strides and fitting padding';
}

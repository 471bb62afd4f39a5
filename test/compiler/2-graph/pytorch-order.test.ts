/**
 * Random networks whose numbers carry labels, moved about twice: as dualc lays them out, and as PyTorch does with `view`, `cat` and
 * maps `[channels, height, width]`. Where both have a number must be where `pytorchOrders` says, and where it knows nothing, nothing is.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Layer, LayerGraph } from '../../../compiler/2-graph/layer.ts';
import { parseGraph } from '../../../compiler/2-graph/parse-graph.ts';
import { channelOrder, type KnownOrder, pytorchOrders } from '../../../compiler/2-graph/pytorch-order.ts';
import { registerLayer } from '../../../compiler/layers/registry.ts';
import { everySecond, sideBySide } from '../../support/sample-layers.ts';

/** The labels of a layer's output, row-major in each framework's own shape. */
interface Labelled {
  readonly shape: readonly number[];
  readonly here: readonly string[];
  readonly there: readonly string[];
}

let undo: (() => void)[] = [];
beforeAll(() => {
  undo = [registerLayer(sideBySide), registerLayer(everySecond)];
});
afterAll(() => undo.forEach(each => void each()));

const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** New numbers: nobody has rearranged them. */
function fresh(name: string, shape: readonly number[]): Labelled {
  const here: string[] = [];
  const there: string[] = [];
  if (shape.length !== 3) {
    for (let at = 0; at < size(shape); at++) here.push(`${name}${at}`);
    return { shape, here, there: here };
  }
  const [height, width, channels] = shape as [number, number, number];
  const label = (y: number, x: number, c: number): string => `${name}(${y} ${x} ${c})`;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) here.push(label(y, x, c));
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) there.push(label(y, x, c));
  return { shape, here, there };
}

function run({ layers }: LayerGraph): Map<string, Labelled> {
  const done = new Map<string, Labelled>();
  for (const layer of layers)
    done.set(
      layer.id,
      step(
        layer,
        layer.inputs.map(id => done.get(id)!),
      ),
    );
  return done;
}

function step({ kind, id, shape }: Layer, inputs: readonly Labelled[]): Labelled {
  const [first] = inputs as [Labelled];
  switch (kind as string) {
    case 'input':
    case 'dense':
    case 'conv2d':
      return fresh(id, shape);
    case 'add': {
      const sums = (side: 'here' | 'there'): string[] =>
        first.here.map((_, at) => inputs.map(input => input[side][at]).join('+'));
      return { shape, here: sums('here'), there: sums('there') };
    }
    case 'sideBySide':
      return sideBySideOf(shape, inputs.map(tagged));
    case 'everySecond': {
      const [height, width, channels] = first.shape as [number, number, number];
      const even = (y: number, x: number): boolean => y % 2 === 0 && x % 2 === 0;
      const here = first.here.filter((_, at) => {
        const position = Math.floor(at / channels);
        return even(Math.floor(position / width), position % width);
      });
      const there = first.there.filter((_, at) => {
        const position = at % (height * width);
        return even(Math.floor(position / width), position % width);
      });
      return { shape, here, there };
    }
    default:
      return { shape, here: first.here, there: first.there };
  }
}

/** The same layer may stand there twice. */
const tagged = ({ shape, here, there }: Labelled, operand: number): Labelled => ({
  shape,
  here: here.map(label => `${operand}:${label}`),
  there: there.map(label => `${operand}:${label}`),
});

/** On the last axis, but for maps in PyTorch, whose first axis holds the channels. */
function sideBySideOf(shape: readonly number[], inputs: readonly Labelled[]): Labelled {
  const positions = size(shape.slice(0, -1));
  const onLastAxis = (side: 'here' | 'there'): string[] =>
    Array.from({ length: positions }, (_, at) =>
      inputs.flatMap(input => {
        const channels = input[side].length / positions;
        return input[side].slice(at * channels, (at + 1) * channels);
      }),
    ).flat();
  const there = shape.length === 3 ? inputs.flatMap(input => input.there) : onLastAxis('there');
  return { shape, here: onLastAxis('here'), there };
}

/** For each entry here its place there. */
function placesOf({ blocks }: KnownOrder): number[] {
  const places: number[] = [];
  for (const [positions, channels] of blocks) {
    const before = places.length;
    const block = fresh('', [positions, 1, channels]);
    for (const label of block.here) places.push(before + block.there.indexOf(label));
  }
  return places;
}

/** The permutation of channels that makes a map of one framework that of the other; null when there is none. */
function channelsOf({ shape, here, there }: Labelled): number[] | null {
  const positions = size(shape.slice(0, -1));
  const channels = shape.at(-1)!;
  const places = Array.from({ length: channels }, (_, c) => there.indexOf(here[c]!) / positions);
  const fits = here.every(
    (label, at) => there[places[at % channels]! * positions + Math.floor(at / channels)] === label,
  );
  return fits && places.every(Number.isInteger) ? places : null;
}

const shapes = [[12], [2, 2, 3], [2, 3, 2], [1, 1, 12], [3, 4, 1], [4, 3], [1, 2, 6], [2, 6]] as const;

/** Every line of a network reads lines before it. Shapes have twelve numbers, or more where operands stood side by side. */
const network = fc
  .array(
    fc.record({
      kind: fc.constantFrom('reshape', 'reshape', 'relu', 'add', 'sideBySide', 'everySecond', 'dense'),
      shape: fc.constantFrom(...shapes),
      reads: fc.tuple(fc.nat(), fc.nat()),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .chain(steps => fc.record({ steps: fc.constant(steps), first: fc.constantFrom(...shapes) }))
  .map(({ steps, first }) => {
    const known: { name: string; shape: readonly number[] }[] = [{ name: 'x', shape: first }];
    const lines = [`x = input() : [${first}]`];
    const append = (kind: string, inputs: readonly string[], shape: readonly number[], options = ''): void => {
      const name = `l${known.length}`;
      known.push({ name, shape });
      lines.push(`${name} = ${kind}(${inputs.join(', ')})${options} : [${shape}]`);
    };
    for (const { kind, shape, reads } of steps) {
      const a = known[reads[0] % known.length]!;
      const sameFront = known.filter(b => `${b.shape.slice(0, -1)}` === `${a.shape.slice(0, -1)}`);
      const sameShape = sameFront.filter(b => `${b.shape}` === `${a.shape}`);
      const pick = <T>(list: readonly T[]): T => list[reads[1] % list.length]!;
      if (kind === 'reshape' && size(a.shape) === 12) append(kind, [a.name], shape);
      else if (kind === 'reshape' || kind === 'relu') append('reshape', [a.name], [size(a.shape)]);
      else if (kind === 'add') append(kind, [a.name, pick(sameShape).name], a.shape);
      else if (kind === 'sideBySide') {
        const b = pick(sameFront);
        append(kind, [a.name, b.name], [...a.shape.slice(0, -1), a.shape.at(-1)! + b.shape.at(-1)!]);
      } else if (kind === 'everySecond' && a.shape.length === 3) {
        const [height, width, channels] = a.shape as [number, number, number];
        append(kind, [a.name], [Math.ceil(height / 2), Math.ceil(width / 2), channels]);
      } else if (a.shape.length === 1) append('dense', [a.name], [12], ' {units: 12, useBias: true}');
    }
    return parseGraph([...lines, `output ${known.at(-1)!.name}`].join('\n'));
  });

describe('pytorchOrders', () => {
  it('says where PyTorch has each number, or that there is none', () => {
    const seen = { moved: 0, still: 0, unknown: 0, channels: 0 };
    fc.assert(
      fc.property(network, graph => {
        const orders = pytorchOrders(graph);
        for (const [id, labels] of run(graph)) {
          const order = orders.get(id as never)!;
          const layer = graph.layers.find(each => each.id === id)!;
          if (order.kind === 'known') {
            const places = placesOf(order);
            expect(places).toHaveLength(labels.here.length);
            expect(places.map(place => labels.there[place])).toEqual(labels.here);
            seen[places.every((place, at) => place === at) ? 'still' : 'moved']++;
          } else {
            expect(order.why).toMatch(/^l\d \(test.arch.ts:\d\) (adds up|reads|makes)/);
            seen.unknown++;
          }
          // What a kernel may read: a vector, or a map by its channels.
          if (labels.shape.length === 2 || order.kind === 'unknown') continue;
          const channels = channelOrder(layer, { order, shape: labels.shape });
          const expected = channelsOf(labels);
          expect(channels.kind === 'known' ? placesOf(channels) : null).toEqual(expected);
          if (expected?.some((place, at) => place !== at)) seen.channels++;
        }
      }),
      { numRuns: 3000 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100);
  });
});

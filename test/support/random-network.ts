/** Random networks with their weights, examples and balls: any DAG of every kind of layer. They shrink layer by layer. */
import fc from 'fast-check';
import { checkGraph } from '../../compiler/2-graph/check-graph.ts';
import type { Ball, Layer, LayerGraph } from '../../compiler/2-graph/layer.ts';
import { printGraph } from '../../compiler/2-graph/print-graph.ts';
import type { LayerId } from '../../compiler/shared/ids.ts';
import { type Shape, sizeOf } from '../../compiler/shared/shape.ts';
import { seededNumbers } from './program-inputs.ts';
import { dense, flatten, growthSteps, startGrowth } from './random-network-layers.ts';
import { drawParameters, printStyles, styleCount } from './random-network-weights.ts';

export interface RandomNetwork {
  readonly graph: LayerGraph;
  readonly params: Readonly<Record<string, Float64Array>>;
  readonly paramShapes: Readonly<Record<string, readonly number[]>>;
  /** `[batch, …input]`, inside the box where there is one. */
  readonly x: Float64Array;
  readonly labels: readonly number[];
  readonly batch: number;
  readonly epsilon: number;
  /** For whatever else is drawn about this network: plans, points, directions. */
  readonly seed: number;
}

interface Drawn {
  readonly inputShape: Shape;
  readonly steps: readonly (readonly [step: number, source: number, decisions: readonly number[]])[];
  readonly classes: number;
  readonly ball: Ball;
  readonly styles: readonly number[];
  readonly batch: number;
  readonly seed: number;
}

const sides = fc.integer({ min: 1, max: 5 });
const inputShapes: fc.Arbitrary<Shape> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 })),
  { weight: 3, arbitrary: fc.tuple(sides, sides, fc.integer({ min: 1, max: 2 })) },
  fc.tuple(sides, sides),
);

/** From one that moves no activation across zero to one that covers everything. */
const radii = fc.constantFrom(0.1, 0.5, 0.01, 1, 3, 1e-4, 100);
const boxes = fc.constantFrom<readonly [number, number] | null>(null, [0, 1], null, [-1, 0.25], [-3, 3]);
const balls: fc.Arbitrary<Ball> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(radii, boxes).map(([epsilon, box]): Ball => ({ norm: 'linf', epsilon, box })) },
  radii.map((epsilon): Ball => ({ norm: 'l2', epsilon })),
);

const decisions = fc.array(fc.nat(59), { minLength: 10, maxLength: 10 });
const steps = fc.array(fc.tuple(fc.nat(growthSteps.length - 1), fc.nat(9), decisions), { maxLength: 9 });

const drawn: fc.Arbitrary<Drawn> = fc.record({
  inputShape: inputShapes,
  steps,
  classes: fc.integer({ min: 2, max: 4 }),
  ball: balls,
  styles: fc.array(fc.nat(styleCount - 1), { minLength: 3, maxLength: 3 }),
  batch: fc.integer({ min: 1, max: 2 }),
  seed: fc.nat(0xffff),
});

export const randomNetwork: fc.Arbitrary<RandomNetwork> = drawn.map(build);

/** Networks whose weights are all drawn from the normal distribution: no entry is exactly zero, so kinks are rare. */
export const smoothNetwork: fc.Arbitrary<RandomNetwork> = drawn.map(all => build({ ...all, styles: [1] }));

function build(all: Drawn): RandomNetwork {
  let decisionsLeft: readonly number[] = [];
  let at = 0;
  const growth = startGrowth(all.inputShape, below => decisionsLeft[at++ % Math.max(1, decisionsLeft.length)]! % below);
  for (const [step, source, own] of all.steps) {
    decisionsLeft = own;
    at = 0;
    // Mostly the newest layer, so that networks get deep.
    const back = Math.max(0, source - 5) % growth.layers.length;
    growthSteps[step]!(growth, growth.layers[growth.layers.length - 1 - back]!);
  }
  decisionsLeft = [all.seed];
  const last = growth.layers.at(-1)!;
  const isLogits = last.shape.length === 1 && last.shape[0]! >= 2 && last.kind !== 'input' && all.seed % 3 === 0;
  const output = isLogits ? last : dense(growth, flatten(growth, last), all.classes);
  const graph: LayerGraph = {
    source: 'random.arch.ts',
    sourceHash: '0'.repeat(64),
    layers: neededBy(output, growth.layers),
    input: growth.layers[0]!.id,
    output: output.id,
    ball: all.ball,
  };
  checkGraph(graph);
  const { params, paramShapes } = drawParameters(graph, all.styles, all.seed);
  return withPrinter(
    {
      graph,
      params,
      paramShapes,
      x: drawExamples(all, sizeOf(all.inputShape) * all.batch),
      labels: Array.from({ length: all.batch }, (_, i) => (all.seed + i) % output.shape[0]!),
      batch: all.batch,
      epsilon: all.ball.epsilon,
      seed: all.seed,
    },
    all,
  );
}

/** The layers that the output depends on, and the input. */
function neededBy(output: Layer, layers: readonly Layer[]): Layer[] {
  const needed = new Set<LayerId>([output.id, layers[0]!.id]);
  for (const layer of layers.toReversed()) if (needed.has(layer.id)) for (const id of layer.inputs) needed.add(id);
  return layers.filter(({ id }) => needed.has(id));
}

function drawExamples({ ball, seed }: Drawn, count: number): Float64Array {
  const next = seededNumbers(seed + 1);
  const [low, high] = (ball.norm === 'linf' ? ball.box : null) ?? [-1, 1];
  // One in five lies on the border of the box, where the ball is cut.
  return Float64Array.from({ length: count }, () => {
    const place = next();
    return place < 0.1 ? low : place > 0.9 ? high : low + (high - low) * next();
  });
}

/** The form in which fast-check prints a counterexample. */
function withPrinter(network: RandomNetwork, { styles, seed, batch }: Drawn): RandomNetwork {
  const text = `${printGraph(network.graph)}weights ${printStyles(styles)}, seed ${seed}, batch ${batch}, labels ${network.labels.join(' ')}\nx ${network.x.join(' ')}`;
  return Object.defineProperty(network, fc.toStringMethod, { value: () => `\n${text}\n`, enumerable: false });
}

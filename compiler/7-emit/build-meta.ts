/** What the emitted module says about itself: the `ModelMeta` of `runtime/contract.ts`. */
import type {
  BoundChoice,
  FunctionName,
  ModelMeta,
  ParameterMeta,
  Proof,
  ScheduleMeta,
} from '../../runtime/contract.ts';
import type { Layer, LayerGraph } from '../2-graph/layer.ts';
import type { DualNetwork } from '../3-dual/dual.ts';
import { isDeterministic } from '../4-schedule/check-plan.ts';
import { type Plan, printStrategy } from '../4-schedule/plan.ts';
import type { MemorySize } from '../6-passes/memory-size.ts';
import { assertNever, found } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { sizeOf } from '../shared/shape.ts';

/** The version of `runtime/contract.ts` that emitted modules implement. */
const contract = 3 satisfies typeof import('../../runtime/contract.ts').contractVersion;

export interface MetaInput {
  readonly dual: DualNetwork;
  readonly certify: Plan;
  readonly train: Plan;
  readonly certifyMemory: MemorySize;
  readonly trainMemory: MemorySize;
  /** The exported functions that draw random numbers. */
  readonly draws: readonly FunctionName[];
  readonly compiler: string;
}

export function buildMeta(input: MetaInput): ModelMeta {
  const { graph } = input.dual;
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const { ball } = graph;
  return {
    contract,
    compiler: input.compiler,
    source: fileName(graph.source),
    sourceHash: graph.sourceHash,
    inputShape: found(layers.get(graph.input), 'the input').shape,
    classes: sizeOf(found(layers.get(graph.output), 'the output').shape),
    ball: { norm: ball.norm, epsilon: ball.epsilon, box: ball.norm === 'linf' ? ball.box : null },
    inputStd: inputStd(graph),
    layers: graph.layers.map(({ id, kind, inputs, shape, span }) => ({
      name: id,
      kind,
      inputs,
      shape,
      line: span.start.line,
    })),
    parameters: parametersOf(graph),
    nonlinearities: [...input.dual.boundOfNonlinearity.keys()],
    draws: input.draws,
    // No layer does anything else in training.
    trainingDiffers: false,
    certify: { ...scheduleMeta(input.certify, input.certifyMemory), proof: proofOf(input.certify) },
    train: scheduleMeta(input.train, input.trainMemory),
  };
}

export const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function scheduleMeta(plan: Plan, memory: MemorySize): ScheduleMeta {
  const choices = plan.choices.map(
    ({ bound, strategy, why, macs }): BoundChoice => ({
      bound,
      strategy: printStrategy(strategy),
      why,
      macs: Math.round(macs),
    }),
  );
  return { choices, arithmetic: plan.arithmetic.kind, ...memory };
}

function proofOf(plan: Plan): Proof {
  if (!isDeterministic(plan)) return { kind: 'none', why: 'its bounds are estimated by a sketch' };
  switch (plan.arithmetic.kind) {
    case 'float32':
      return { kind: 'exact' };
    case 'real':
      return { kind: 'none', why: 'its bounds leave out what rounding does' };
    default:
      return assertNever(plan.arithmetic);
  }
}

/** The deviations of the one `normalize` that reads the input, when nothing else does: then ε means pixels. */
function inputStd(graph: LayerGraph): readonly number[] | null {
  const readers = graph.layers.filter(layer => layer.inputs.includes(graph.input));
  const [reader] = readers;
  return readers.length === 1 && reader?.kind === 'normalize' ? reader.std : null;
}

function parametersOf(graph: LayerGraph): ParameterMeta[] {
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const maps = flattenedMaps(graph);
  return graph.layers.flatMap((layer): ParameterMeta[] => {
    if (layer.kind !== 'conv2d' && layer.kind !== 'dense') return [];
    const source = found(layers.get(found(layer.inputs[0], 'an input')), 'an input');
    const inputs = source.shape.at(-1) ?? 0;
    const flattened = layer.kind === 'dense' ? maps.get(source.id) : undefined;
    const weight: ParameterMeta = {
      name: `${layer.id}.weight`,
      layer: layer.id,
      role: layer.kind === 'conv2d' ? 'conv2dKernel' : 'denseKernel',
      shape: layer.kind === 'conv2d' ? [...layer.kernelSize, inputs, layer.filters] : [inputs, layer.units],
      trainable: true,
      ...(flattened === undefined ? {} : { flattened }),
    };
    const bias: ParameterMeta = {
      name: `${layer.id}.bias`,
      layer: layer.id,
      role: 'bias',
      shape: [layer.shape.at(-1) ?? 0],
      trainable: true,
    };
    return layer.useBias ? [weight, bias] : [weight];
  });
}

type ImageMap = readonly [number, number, number];

/** For each layer whose output is a flattened map, in the map's order: the map. Elementwise layers keep the order. */
function flattenedMaps(graph: LayerGraph): Map<LayerId, ImageMap> {
  const layers = new Map(graph.layers.map(layer => [layer.id, layer]));
  const maps = new Map<LayerId, ImageMap>();
  const of = (layer: Layer): ImageMap | undefined => {
    const [first] = layer.inputs;
    if (layer.kind === 'flatten' && first !== undefined) {
      const { shape } = found(layers.get(first), first);
      const [height, width, channels] = shape;
      if (shape.length === 3 && height !== undefined && width !== undefined && channels !== undefined)
        return [height, width, channels];
      return maps.get(first);
    }
    if (layer.kind === 'relu' || layer.kind === 'normalize') return first === undefined ? undefined : maps.get(first);
    if (layer.kind === 'add') return layer.inputs.map(input => maps.get(input)).find(map => map !== undefined);
    return undefined;
  };
  for (const layer of graph.layers) {
    const map = of(layer);
    if (map !== undefined) maps.set(layer.id, map);
  }
  return maps;
}

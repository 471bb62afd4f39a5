/** What the emitted module says about itself: the `ModelMeta` of `runtime/contract.ts`. */
import type { BoundChoice, FunctionName, ModelMeta, Proof, ScheduleMeta } from '../../runtime/contract.ts';
import type { LayerGraph } from '../2-graph/layer.ts';
import { parametersOf } from '../2-graph/parameters.ts';
import type { DualNetwork } from '../3-dual/dual.ts';
import { provesSomething } from '../4-schedule/check-plan.ts';
import { type Plan, printStrategy } from '../4-schedule/plan.ts';
import type { MemorySize } from '../5-program/memory-size.ts';
import { definitionOf } from '../layers/registry.ts';
import { assertNever, found } from '../shared/assert.ts';
import { sizeOf } from '../shared/shape.ts';

/** The version of `runtime/contract.ts` that emitted modules implement. */
const contract = 4 satisfies typeof import('../../runtime/contract.ts').contractVersion;

export interface MetaInput {
  /** The graph as the file has it: the one whose layers a user knows. */
  readonly written: LayerGraph;
  readonly dual: DualNetwork;
  readonly certify: Plan;
  readonly train: Plan;
  readonly certifyMemory: MemorySize;
  readonly trainMemory: MemorySize;
  /** Layers that the certificate computes by convolutions. */
  readonly convolutions: readonly string[];
  /** The exported functions that draw random numbers. */
  readonly draws: readonly FunctionName[];
  readonly compiler: string;
}

export function buildMeta(input: MetaInput): ModelMeta {
  const { written: graph } = input;
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
    certify: {
      ...scheduleMeta(input.certify, input.certifyMemory),
      proof: proofOf(input.certify),
      convolutions: input.convolutions,
    },
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
  if (!provesSomething(plan)) return { kind: 'none', why: 'its bounds are estimated by a sketch' };
  switch (plan.arithmetic.kind) {
    case 'float32':
      return plan.probability === null ? { kind: 'exact' } : { kind: 'probability', ...plan.probability };
    case 'real':
      return { kind: 'none', why: 'its bounds leave out what rounding does' };
    default:
      return assertNever(plan.arithmetic);
  }
}

/** What the one layer that reads the input divides it by: then ε means pixels. */
function inputStd(graph: LayerGraph): readonly number[] | null {
  const [reader, ...others] = graph.layers.filter(layer => layer.inputs.includes(graph.input));
  if (reader === undefined || others.length > 0) return null;
  const definition = definitionOf(reader.kind);
  return definition.role === 'affine' ? (definition.deviations?.(reader) ?? null) : null;
}

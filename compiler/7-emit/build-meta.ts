/** What the emitted module says about itself: the `ModelMeta` of `runtime/contract.ts`. */
import type { BoundChoice, ModelMeta, ScheduleMeta } from '../../runtime/contract.ts';
import type { LayerGraph } from '../2-graph/layer.ts';
import { parametersOf } from '../2-graph/parameters.ts';
import type { DualNetwork } from '../3-dual/dual.ts';
import { isDeterministic } from '../4-schedule/check-plan.ts';
import { type Plan, printStrategy } from '../4-schedule/plan.ts';
import type { MemorySize } from '../5-program/memory-size.ts';
import { found } from '../shared/assert.ts';
import { sizeOf } from '../shared/shape.ts';

/** The version of `runtime/contract.ts` that emitted modules implement. */
const contract = 2 satisfies typeof import('../../runtime/contract.ts').contractVersion;

export interface MetaInput {
  /** The graph as the file has it: the one whose layers a user knows. */
  readonly written: LayerGraph;
  readonly dual: DualNetwork;
  readonly certify: Plan;
  readonly train: Plan;
  readonly certifyMemory: MemorySize;
  readonly trainMemory: MemorySize;
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
    certify: scheduleMeta(input.certify, input.certifyMemory),
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
  return { choices, exact: isDeterministic(plan), arithmetic: plan.arithmetic.kind, ...memory };
}

/** The deviations of the one `normalize` that reads the input, when nothing else does: then ε means pixels. */
function inputStd(graph: LayerGraph): readonly number[] | null {
  const readers = graph.layers.filter(layer => layer.inputs.includes(graph.input));
  const [reader] = readers;
  return readers.length === 1 && reader?.kind === 'normalize' ? reader.std : null;
}

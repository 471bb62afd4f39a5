/** The layer graph of a network that was built by running its file. */
import { type CallId, callId, type LayerCall, type Operand } from '../1-frontend/arch-ast.ts';
import { buildGraph } from '../2-graph/build-graph.ts';
import type { LayerGraph } from '../2-graph/layer.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { found } from '../shared/assert.ts';
import { type Layer, type LayerRecord, layers, type Network, type NetworkRecord, networks } from './handles.ts';
import { runTimeSpan } from './to-value.ts';

/**
 * Equals the graph that the compiler reads from the same file, but for places, and for the names of layers without `name:`, which cannot
 * be told from inside a running program.
 */
export function graphOfNetwork(network: Network, reporter: Reporter): LayerGraph | undefined {
  return graphOfRecord(found(networks.contentOf(network), 'network made by network()'), reporter);
}

export function graphOfRecord({ call, ends }: NetworkRecord, reporter: Reporter): LayerGraph | undefined {
  const records = recordsBehind(ends);
  const position = new Map(records.map((record, index) => [record.call.id, callId(index)]));
  const calls = records.map(({ call: made }) => {
    const id = found(position.get(made.id), 'layer');
    return { ...made, id, operands: made.operands.map(operand => move(operand, position)) } as LayerCall;
  });
  const network = {
    ...call,
    input: call.input && move(call.input, position),
    output: call.output && move(call.output, position),
  };
  return buildGraph({ source: runTimeSpan.file, calls, network }, reporter);
}

const move = ({ id, span }: Operand, position: ReadonlyMap<CallId, CallId>): Operand => ({
  id: id === null ? null : found(position.get(id), 'position of a layer'),
  span,
});

/** The layers and all that they need, in the order in which they were made. */
function recordsBehind(ends: readonly Layer[]): LayerRecord[] {
  const seen = new Map<Layer, LayerRecord>();
  const waiting = [...ends];
  for (let layer = waiting.pop(); layer !== undefined; layer = waiting.pop()) {
    if (seen.has(layer)) continue;
    const record = found(layers.contentOf(layer), 'layer');
    seen.set(layer, record);
    waiting.push(...record.operands);
  }
  return [...seen.values()].sort((a, b) => a.call.id - b.call.id);
}

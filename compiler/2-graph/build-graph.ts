/** From the calls of an architecture file to the layer graph: shapes, paddings, names; only what the output needs. */

import type { ArchAst, CallId, LayerCall } from '../1-frontend/arch-ast.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { found, invariant } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import { checkBall, checkEnds, neededBy, warnUnused } from './check-network.ts';
import { hashNetwork } from './hash-network.ts';
import type { Layer, LayerGraph } from './layer.ts';
import { checkWrittenNames, nameLayers } from './name-layers.ts';
import type { ResolvedLayer } from './resolve-layer.ts';
import { resolveShapes } from './resolve-shapes.ts';

/**
 * @param ast may hold the marks of errors, already reported; their consequences are passed over, everything else is still checked
 * @returns undefined when the reporter has errors, from this stage or before
 */
export function buildGraph(ast: ArchAst, reporter: Reporter): LayerGraph | undefined {
  const { calls, network } = ast;
  const resolved = resolveShapes(calls, reporter);
  const output = network?.output?.id ?? null;
  const input = network?.input?.id ?? null;
  const needed: ReadonlySet<CallId> = output === null ? new Set<CallId>() : neededBy(output, calls);
  checkWrittenNames(
    calls.filter(({ id, imported }) => needed.has(id) || !imported),
    reporter,
  );
  if (network !== null) {
    checkEnds(network, calls, resolved, reporter);
    checkBall(network, input === null ? undefined : calls[input], reporter);
  }
  if (reporter.hasErrors) return undefined;
  invariant(network !== null && input !== null && output !== null, 'a network without an error is complete');
  warnUnused(calls, needed, reporter);
  const names = nameLayers(calls.filter(({ id }) => needed.has(id)));
  const nameOf = (id: CallId | null): LayerId => found(id === null ? undefined : names.get(id), 'name of a layer');
  // A layer is made after its inputs, so the order of the calls is topological.
  const layers = calls.filter(({ id }) => needed.has(id)).map(call => toLayer(call, resolved, nameOf));
  const { ball } = found(network.ball ?? undefined, 'ball of the network');
  const [first, last] = [nameOf(input), nameOf(output)];
  const sourceHash = hashNetwork(layers, first, last);
  return { source: ast.source, sourceHash, layers, input: first, output: last, ball };
}

function toLayer(
  call: LayerCall,
  resolved: ReadonlyMap<CallId, ResolvedLayer>,
  nameOf: (id: CallId | null) => LayerId,
): Layer {
  const { shape, attributes } = found(resolved.get(call.id), `shape of ${call.kind}()`);
  const inputs = call.operands.map(({ id }) => nameOf(id));
  // TypeScript cannot see that the attributes are those of the call's kind: its definition made them.
  return { kind: call.kind, shape, ...attributes, id: nameOf(call.id), inputs, span: call.span } as Layer;
}

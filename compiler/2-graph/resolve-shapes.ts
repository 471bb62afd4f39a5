/** Gives every layer call its shape and its final attributes. */
import type { CallId, LayerCall } from '../1-frontend/arch-ast.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { definitionOf } from '../layers/registry.ts';
import { type ResolvedLayer, resolveLayer } from './resolve-layer.ts';

/** Calls with an error, and those that depend on one, are absent. */
export function resolveShapes(calls: readonly LayerCall[], reporter: Reporter): ReadonlyMap<CallId, ResolvedLayer> {
  const resolved = new Map<CallId, ResolvedLayer>();
  for (const call of calls) {
    const inputs: ResolvedLayer[] = [];
    for (const { id } of call.operands) {
      const layer = id === null ? undefined : resolved.get(id);
      if (layer !== undefined) inputs.push(layer);
    }
    if (inputs.length < call.operands.length) continue;
    const layer = resolveLayer(definitionOf(call.kind), call, inputs, reporter);
    if (layer !== undefined) resolved.set(call.id, layer);
  }
  return resolved;
}

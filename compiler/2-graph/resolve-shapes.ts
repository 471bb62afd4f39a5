/** Gives every layer call its shape and its final attributes. */

import type { CallId, CallOf, LayerCall } from '../1-frontend/arch-ast.ts';
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { type Shape, sizeOf } from '../shared/shape.ts';
import type { LayerKind } from './layer.ts';
import { callNote, largestLayer, type Resolved, type ShapedInput, shapeRules } from './shape-rules.ts';

export type ResolvedLayer = {
  [Kind in LayerKind]: { readonly kind: Kind; readonly call: CallOf<Kind> } & Resolved<Kind>;
}[LayerKind];

/** Calls with an error, and those that depend on one, are absent. */
export function resolveShapes(calls: readonly LayerCall[], reporter: Reporter): ReadonlyMap<CallId, ResolvedLayer> {
  const resolved = new Map<CallId, ResolvedLayer>();
  for (const call of calls) {
    const inputs: ShapedInput[] = [];
    for (const { id } of call.operands) {
      const layer = id === null ? undefined : resolved.get(id);
      if (layer !== undefined) inputs.push(layer);
    }
    if (inputs.length < call.operands.length) continue;
    const layer = resolveLayer(call, inputs, reporter);
    if (layer !== undefined) resolved.set(call.id, layer);
  }
  return resolved;
}

/**
 * Applies the shape rule of one call.
 * @param inputs one for each operand
 * @returns undefined after an error, now or when the call was read
 */
export function resolveLayer(
  call: LayerCall,
  inputs: readonly ShapedInput[],
  reporter: Reporter,
): ResolvedLayer | undefined {
  const layer = applyRule(call, inputs, reporter);
  if (layer === undefined) return undefined;
  const of = `${call.kind}()`;
  if (sizeOf(layer.shape) > largestLayer) {
    const values = { of, shape: layer.shape, limit: largestLayer };
    reporter.report(diagnose('layer-too-large', values, call.span, [callNote(call)]));
    return undefined;
  }
  const weights = weightShape(layer, inputs[0]?.shape ?? []);
  if (sizeOf(weights) <= largestLayer) return layer;
  const values = { of, shape: weights, limit: largestLayer };
  reporter.report(diagnose('weights-too-large', values, call.span, [callNote(call)]));
  return undefined;
}

/** `[]` for a layer without weights. */
function weightShape(layer: ResolvedLayer, input: Shape): Shape {
  const channels = input.at(-1) ?? 1;
  if (layer.kind === 'conv2d') return [...layer.kernelSize, channels, layer.filters];
  return layer.kind === 'dense' ? [channels, layer.units] : [];
}

function applyRule<Kind extends LayerKind>(
  call: CallOf<Kind> & LayerCall,
  inputs: readonly ShapedInput[],
  reporter: Reporter,
): ResolvedLayer | undefined {
  const { kind, attributes }: CallOf<Kind> = call;
  if (attributes === null) return undefined;
  const rule = shapeRules[kind];
  const resolved = rule({ call, attributes, inputs, reporter });
  // TypeScript cannot see that call and rule are of one kind; `shapeRules` is typed so that they are.
  return resolved && ({ kind, call, ...resolved } as unknown as ResolvedLayer);
}

/** Gives one layer call its shape and its final attributes. */
import type { AnyCall } from '../1-frontend/arch-ast.ts';
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { ShapedInput } from '../layers/definition.ts';
import { callNote } from '../layers/shape-question.ts';
import type { AnyDefinition } from '../layers/word.ts';
import { type Shape, sizeOf } from '../shared/shape.ts';

export interface ResolvedLayer {
  readonly call: AnyCall;
  readonly shape: Shape;
  /** What the kind adds to a layer of the graph. */
  readonly attributes: object;
}

export const largestLayer: number = 2 ** 28;

/**
 * Applies the shape rule of one call.
 * @param inputs one for each operand
 * @returns undefined after an error, now or when the call was read
 */
export function resolveLayer(
  definition: AnyDefinition,
  call: AnyCall,
  inputs: readonly ShapedInput[],
  reporter: Reporter,
): ResolvedLayer | undefined {
  if (call.attributes === null) return undefined;
  const resolved = definition.resolve({ call, options: call.attributes, inputs, reporter });
  if (resolved === undefined) return undefined;
  const of = `${call.kind}()`;
  const { shape, ...attributes } = resolved;
  const tooLarge = (code: 'layer-too-large' | 'weights-too-large', large: Shape): undefined => {
    reporter.report(diagnose(code, { of, shape: large, limit: largestLayer }, call.span, [callNote(call)]));
  };
  if (sizeOf(shape) > largestLayer) return tooLarge('layer-too-large', shape);
  const shapes = inputs.map(input => input.shape);
  const large = definition.parameters(resolved, shapes).find(parameter => sizeOf(parameter.shape) > largestLayer);
  if (large !== undefined) return tooLarge('weights-too-large', large.shape);
  return { call, shape, attributes };
}

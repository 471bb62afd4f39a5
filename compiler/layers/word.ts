/** A kind of layer as architecture files know it: a function when the file is run, and the definition that it carries. */
import type { Layer } from '../authoring/handles.ts';
import { makeLayer } from '../authoring/make-layer.ts';
import type { LayerDefinition } from './definition.ts';

/** Under a symbol, so that no editor offers it to those who write architectures. */
export const definition: unique symbol = Symbol('definition');

export interface Word<Parameters extends readonly unknown[], Definition> {
  (...parameters: Parameters): Layer;
  readonly [definition]: Definition;
}

/** Any definition. What its functions take is checked where it is written. */
// biome-ignore lint/suspicious/noExplicitAny: a function that takes one kind of layer is no function that takes every kind.
export type AnyDefinition = LayerDefinition<any, any>;

/** The word of a kind; calls are checked at once, so that the stack of an error leads to them. */
export function word<Parameters extends readonly unknown[], Definition extends AnyDefinition>(
  of: Definition,
): Word<Parameters, Definition> {
  return Object.assign((...parameters: Parameters): Layer => makeLayer(of, parameters), { [definition]: of });
}

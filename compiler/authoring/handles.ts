/** What the words return when a file is run: opaque values. What they stand for is kept beside them. */
import type { AnyCall, NetworkCall } from '../1-frontend/arch-ast.ts';
import type { BallValue } from '../1-frontend/value.ts';
import type { ResolvedLayer } from '../2-graph/resolve-layer.ts';

declare const kind: unique symbol;

/** The output of a layer. */
export interface Layer {
  readonly [kind]: 'layer';
}
/** A set of inputs around an example. */
export interface Ball {
  readonly [kind]: 'ball';
}
export interface Network {
  readonly [kind]: 'network';
}

export interface LayerRecord {
  readonly call: AnyCall;
  readonly resolved: ResolvedLayer;
  readonly operands: readonly Layer[];
}

export interface NetworkRecord {
  readonly call: NetworkCall;
  /** Its input and its output. */
  readonly ends: readonly Layer[];
}

class Handles<Handle extends object, Content> {
  readonly #contents = new WeakMap<object, Content>();

  create(content: Content): Handle {
    // The handle is an empty object: its type only keeps handles of different kinds apart.
    const handle = Object.freeze({}) as Handle;
    this.#contents.set(handle, content);
    return handle;
  }

  contentOf(value: unknown): Content | undefined {
    return typeof value === 'object' && value !== null ? this.#contents.get(value) : undefined;
  }
}

export const layers: Handles<Layer, LayerRecord> = new Handles();
export const balls: Handles<Ball, BallValue> = new Handles();
export const networks: Handles<Network, NetworkRecord> = new Handles();

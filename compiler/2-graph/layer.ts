/**
 * The layer graph: what the architecture file means. Every name is resolved, every shape known, every padding four numbers.
 * Built by `build-graph.ts`, verified by `check-graph.ts`, printed by `print-graph.ts`.
 */
import type { LayerKind, LayerOf } from '../layers/registry.ts';
import type { LayerId } from '../shared/ids.ts';

export type { LayerKind, LayerOf } from '../layers/registry.ts';
export type { Padding } from './padding.ts';

/** One layer, of any kind; what a kind adds stands in its file in `compiler/layers`. */
export type Layer = LayerOf<LayerKind>;

/** The set of inputs that a certificate speaks of, around an example `x`; in the units of the network's input. */
export type Ball =
  | { readonly norm: 'linf'; readonly epsilon: number; readonly box: readonly [number, number] | null }
  | { readonly norm: 'l2'; readonly epsilon: number };

export interface LayerGraph {
  /** The architecture file as shown to people. */
  readonly source: string;
  /** Of the network, whatever the file looks like and however the ball is chosen: see `hash-network.ts`. */
  readonly sourceHash: string;
  /** Topological order: a layer comes after its inputs. Only layers that the output needs. */
  readonly layers: readonly Layer[];
  readonly input: LayerId;
  readonly output: LayerId;
  readonly ball: Ball;
}

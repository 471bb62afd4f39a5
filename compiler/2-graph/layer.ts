/**
 * The layer graph: what the architecture file means. Every name is resolved, every shape known, every padding four numbers.
 * Built by `build-graph.ts`, verified by `check-graph.ts`, printed by `print-graph.ts`.
 */
import type { LayerId } from '../shared/ids.ts';
import type { Shape } from '../shared/shape.ts';
import type { SourceSpan } from '../shared/span.ts';

interface LayerBase<Kind extends string> {
  readonly kind: Kind;
  readonly id: LayerId;
  readonly inputs: readonly LayerId[];
  /** Shape of the output of one example. */
  readonly shape: Shape;
  /** The call that made the layer. */
  readonly span: SourceSpan;
}

/** Rows and columns added on each side before a convolution. */
export interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export type InputLayer = LayerBase<'input'>;
export interface Conv2dLayer extends LayerBase<'conv2d'> {
  readonly filters: number;
  /** Height, width. */
  readonly kernelSize: readonly [number, number];
  /** Height, width. */
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly useBias: boolean;
}
export interface DenseLayer extends LayerBase<'dense'> {
  readonly units: number;
  readonly useBias: boolean;
}
export type ReluLayer = LayerBase<'relu'>;
export type FlattenLayer = LayerBase<'flatten'>;
export type ReshapeLayer = LayerBase<'reshape'>;
export type AddLayer = LayerBase<'add'>;
/** `(x − mean) / std`, one mean and one standard deviation per channel (last axis). */
export interface NormalizeLayer extends LayerBase<'normalize'> {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export type Layer =
  | InputLayer
  | Conv2dLayer
  | DenseLayer
  | ReluLayer
  | FlattenLayer
  | ReshapeLayer
  | AddLayer
  | NormalizeLayer;

export type LayerKind = Layer['kind'];
export type LayerOf<Kind extends LayerKind> = Extract<Layer, { kind: Kind }>;

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

/** The options of each word, for the editor. What is allowed is decided by `1-frontend/layer-vocabulary.ts`. */
import type { Ball, Layer } from './handles.ts';

export interface LayerOptions {
  /** Unique in the network; the weights are saved under it. Without it the layer is named after its `const`, or by kind and number. */
  readonly name?: string | undefined;
}

export interface InputOptions extends LayerOptions {
  /** The lowest and highest number in the data. Default `[0, 1]`. */
  readonly range?: readonly [number, number] | undefined;
}

type PerAxis = number | readonly [height: number, width: number];

export interface Conv2dOptions extends LayerOptions {
  readonly filters: number;
  readonly kernelSize: PerAxis;
  /** Default 1. */
  readonly strides?: PerAxis | undefined;
  /** Default `'valid'`, no padding. A number stands for all four sides. */
  readonly padding?: 'same' | 'valid' | number | Sides | undefined;
  /** Default true. */
  readonly useBias?: boolean | undefined;
}

/** Sides that are left out are 0. */
export interface Sides {
  readonly top?: number;
  readonly bottom?: number;
  readonly left?: number;
  readonly right?: number;
}

export interface DenseOptions extends LayerOptions {
  readonly units: number;
  /** Default true. */
  readonly useBias?: boolean | undefined;
}

export interface ReshapeOptions extends LayerOptions {
  readonly shape: readonly number[];
}

/** One number for all channels, or one per channel. */
export interface NormalizeOptions extends LayerOptions {
  readonly mean: number | readonly number[];
  readonly std: number | readonly number[];
}

export interface LinfOptions {
  /** In units of the input: `8 / 255` for eight grey levels. */
  readonly epsilon: number;
  /** The inputs that are possible at all; the ball is cut to it. */
  readonly box?: readonly [number, number] | null | undefined;
}

export interface L2Options {
  readonly epsilon: number;
}

export interface NetworkOptions {
  /** Made by `input()`. */
  readonly input: Layer;
  /** Logits, one per class. */
  readonly output: Layer;
  readonly ball: Ball;
}

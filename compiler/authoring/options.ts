/** The options of the words that make no layers, for the editor. What is allowed is decided by `1-frontend/network-options.ts`. */
import type { Ball, Layer } from './handles.ts';

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

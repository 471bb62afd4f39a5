/** What every emitted module is: the interface between the code that dualc prints and the code that trains and certifies with it. */
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** Raised when the interface changes; a module emitted for another version asks to be compiled again. */
export const contractVersion = 4;

/** The functions that every module has. */
export const functionNames = [
  'forward',
  'bounds',
  'margins',
  'certificate',
  'robustLoss',
  'naturalLoss',
  'inputGradient',
] as const;
export type FunctionName = (typeof functionNames)[number] | 'forwardInTraining';

/**
 * Parameters by name, `<layer>.weight` and `<layer>.bias`: kernels `[height, width, in, out]`, dense weights `[in, out]`. Running
 * statistics are among them; those are not trained (`ParameterMeta.kind`).
 */
export type Params = Readonly<Record<string, Tensor>>;

/** Two 32-bit words that decide every random draw of one call. See `random/random-key.ts`. */
export type RandomKey = readonly [number, number];

/** Bounds on the input of a nonlinearity over the whole ball. Both `[batch, …layer shape]`. */
export interface Bounds {
  readonly lower: Tensor;
  readonly upper: Tensor;
}

/** What margins and bounds prove. */
export type Proof =
  /** They always hold. */
  | { readonly kind: 'exact' }
  /**
   * For each example by itself, all its bounds and margins hold at once with probability at least `1 − delta` over the draws of the key, by a
   * union bound over so many estimates (docs/probability.md).
   */
  | {
      readonly kind: 'probability';
      readonly delta: number;
      readonly estimates: number;
      /** With what probability one estimator of one estimate fails, at most: `(delta / estimates)^(1 / estimators)`. */
      readonly perEstimate: number;
      /** Draws of each geometric mean, and means of which the largest is taken. */
      readonly projections: number;
      readonly estimators: number;
      /** Geometric means are divided by `1 − tail`. */
      readonly tail: number;
    }
  /** They are estimates or comparisons; `why` begins in lower case and ends without a full stop. */
  | { readonly kind: 'none'; readonly why: string };

export type ProbableProof = Extract<Proof, { kind: 'probability' }>;

export interface CertificateOptions {
  /**
   * The class whose margins are wanted for each example, int32 `[batch]`: its label, or any other. Default: the class with the
   * largest logit, the first one of several, as for those who ask what the network can vouch for before they know the label.
   */
  readonly classes?: Tensor1D | undefined;
  /** The bounds of every nonlinearity too. Default: false. */
  readonly bounds?: boolean | undefined;
  /** Needed where `meta.draws` lists `certificate`. */
  readonly key?: RandomKey | undefined;
}

/** One run of the program that certifies. */
export interface Certificate {
  /** int32 `[batch]`: those that were asked for, or those with the largest logits. */
  readonly classes: Tensor1D;
  /** `J` of these classes, `[batch, classes]`: see `RobustModel.margins`. */
  readonly margins: Tensor2D;
  /** `[batch, classes]`. */
  readonly logits: Tensor2D;
  /** By nonlinearity; undefined unless they were asked for. */
  readonly bounds: Readonly<Record<string, Bounds>> | undefined;
  /** That of `meta.certify`. */
  readonly proof: Proof;
}

/** Mean cross entropy, error rate in [0, 1], and what a step of training needs. The caller disposes all tensors. */
export interface LossWithGradients {
  readonly crossEntropy: Scalar;
  readonly error: Scalar;
  /** Of the cross entropy, for every trained parameter. */
  readonly gradients: Record<string, Tensor>;
  /** New values of the parameters that are not trained: running statistics, moved by this batch. */
  readonly statistics: Record<string, Tensor>;
}

/** Per-example cross entropy `[batch]`, logits `[batch, classes]`, and the gradient of the summed cross entropy for `x`. */
export interface InputGradient {
  readonly crossEntropy: Tensor1D;
  readonly logits: Tensor2D;
  readonly gradient: Tensor;
}

/**
 * Shapes: `x` `[batch, …input shape]`, float32, in the units of the network's input (pixels in [0, 1] when the network normalizes);
 * `labels` `[batch]`, int32. `epsilon` is the ball's radius in the same units. Tensors that are returned belong to the caller, each
 * is a tensor of its own: it may be disposed whatever becomes of the others and of what was given.
 *
 * Each function checks names, shapes, types and the radius (`InputError`), and reads no values, which would stall a GPU. That labels
 * are classes and `x` lies in the ball's box is for the caller to see to; `certify`, `attackExamples` and `train` do.
 *
 * `certificate` alone may look at values, to leave out work that they show to be needless, and values arrive later on some
 * backends: so it gives a promise. The others know all they do from shapes.
 *
 * The same key makes the same draws. Functions that `meta.draws` lists need one.
 *
 * Losses are those of the network as it is trained, all else of the network as it is used. `meta.trainingDiffers` says whether
 * these are two.
 */
export interface RobustModel {
  readonly meta: ModelMeta;
  /** Logits `[batch, classes]`. */
  forward(params: Params, x: Tensor): Tensor2D;
  /** The logits of the network as it is trained; there where that differs. */
  forwardInTraining?(params: Params, x: Tensor, key?: RandomKey): Tensor2D;
  /** Bounds of the input of every nonlinearity, by layer name; from the schedule that certifies. */
  bounds(params: Params, x: Tensor, epsilon: number, key?: RandomKey): Record<string, Bounds>;
  /**
   * `J` `[batch, classes]`: a lower bound, over the ball, of `f_y − f_t`, as real numbers and as float32 computes them in any order;
   * entry `t = y` is 0. An example is certified when all others are positive and finite. What that proves, `meta.certify.proof` says.
   */
  margins(params: Params, x: Tensor, labels: Tensor1D, epsilon: number, key?: RandomKey): Tensor2D;
  /** Margins, logits and, when they are asked for, bounds, at the cost of the margins and a forward pass. */
  certificate(params: Params, x: Tensor, epsilon: number, options?: CertificateOptions): Promise<Certificate>;
  /** Cross entropy of `−J` against the label, with `J` from the schedule that trains; `key` feeds the sketches. */
  robustLoss(params: Params, x: Tensor, labels: Tensor1D, epsilon: number, key: RandomKey): LossWithGradients;
  /** Cross entropy of the logits. */
  naturalLoss(params: Params, x: Tensor, labels: Tensor1D, key?: RandomKey): LossWithGradients;
  /** For attacks. */
  inputGradient(params: Params, x: Tensor, labels: Tensor1D): InputGradient;
}

export interface LayerMeta {
  readonly name: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  /** Batch not included. */
  readonly shape: readonly number[];
  /** Line of the architecture file. */
  readonly line: number;
}

/** First values: `train --init` draws those of kernels and biases, which need to know how many terms they are added up with. */
export type InitialValues =
  | { readonly kind: 'kernel'; readonly fanIn: number; readonly fanOut: number }
  | { readonly kind: 'bias'; readonly fanIn: number }
  | { readonly kind: 'constant'; readonly value: number };

export interface ParameterMeta {
  /** `<layer>.<part>`: `conv1.weight`, `conv1.bias`. */
  readonly name: string;
  readonly layer: string;
  /** In the layout `tfjs`. */
  readonly shape: readonly number[];
  /** `trained` by the gradients of a loss; `running`: a statistic that training collects, and no loss has a gradient for. */
  readonly kind: 'trained' | 'running';
  readonly initial: InitialValues;
  readonly pytorch: PytorchStorage;
}

/** How PyTorch keeps a parameter. */
export interface PytorchStorage {
  /** Axis `i` of its tensor is axis `axes[i]` of the one in layout `tfjs`. */
  readonly axes: readonly number[];
  /**
   * Along `axis` (of layout `tfjs`) stand entries of the layer's input that PyTorch has in another order, as behind a flattened map. They
   * come in runs, one after the other in both layouts: here the channels of each position, in PyTorch the positions of each channel.
   */
  readonly inputs?: {
    readonly axis: number;
    readonly runs: readonly (readonly [positions: number, channels: number])[];
  };
  /** Why no order of its numbers makes the networks one; absent when one does. */
  readonly refused?: string;
}

export interface BoundChoice {
  /** The nonlinearity whose input is bounded, or `margins`. */
  readonly bound: string;
  readonly strategy: string;
  readonly why: string;
  /** Multiply-adds per example. */
  readonly macs: number;
}

export interface ScheduleMeta {
  readonly choices: readonly BoundChoice[];
  /**
   * `float32`: bounds hold for the network of real numbers and for the one that float32 computes, whatever rounding does.
   * `real`: as if nothing were rounded; such a schedule trains, and certifies nothing.
   */
  readonly arithmetic: 'float32' | 'real';
  /** Peak bytes of tensors alive at once: `fixedBytes + bytesPerExample · batch`. */
  readonly fixedBytes: number;
  readonly bytesPerExample: number;
}

export interface CertifyMeta extends ScheduleMeta {
  /** What `certificate`, `margins` and `bounds` prove. */
  readonly proof: Proof;
  /** Layers that they compute by convolutions, pools among them: on a GPU those may be rounded as no certificate covers. */
  readonly convolutions: readonly string[];
}

export interface ModelMeta {
  readonly contract: number;
  /** Version of the compiler. */
  readonly compiler: string;
  /** File name of the architecture. */
  readonly source: string;
  /** SHA-256 of its network: layers and connections, not the text, nor the ball. */
  readonly sourceHash: string;
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly ball: {
    readonly norm: 'linf' | 'l2';
    readonly epsilon: number;
    readonly box: readonly [number, number] | null;
  };
  /** Standard deviations by which the network divides its input, one per channel; null when it does not normalize. */
  readonly inputStd: readonly number[] | null;
  readonly layers: readonly LayerMeta[];
  readonly parameters: readonly ParameterMeta[];
  /** Layers whose input is bounded, in order. */
  readonly nonlinearities: readonly string[];
  /** Functions that draw random numbers: these need a key. */
  readonly draws: readonly FunctionName[];
  /** Whether the network computes something else when it is trained; then there is `forwardInTraining`. */
  readonly trainingDiffers: boolean;
  readonly certify: CertifyMeta;
  readonly train: ScheduleMeta;
}

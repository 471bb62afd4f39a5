/** The schedule: how each bound is computed. One plan to certify, one to train. */
import { assertNever } from '../shared/assert.ts';
import type { RoundingTable } from './rounding-terms.ts';

/** How the scale of Cauchy samples is estimated: median of absolute values (the paper's), geometric mean, maximum likelihood. */
export type ScaleEstimator = 'median' | 'geometric' | 'ml';

/**
 * Which lines rows meet at a nonlinearity. `band`: two of one slope (the paper's). `crown`: the upper one as there, below it the one of slope 0
 * or 1 (for ReLU) that leaves the smaller area. Neither is always the tighter one.
 */
export type RelaxationKind = 'band' | 'crown';

/** How a bound is computed: how its rows travel, and which lines they meet. */
export type Strategy = SingleStrategy | BestOf;

export type SingleStrategy =
  /** One matrix between the input and the bound: `radius = |W| r_0`, or `ε·sqrt(W²·1)` for l2. */
  | { readonly kind: 'closedForm' }
  /** Rows walk back to the input, `chunk` of them at a time. */
  | { readonly kind: 'backward'; readonly relaxation: RelaxationKind; readonly chunk: number }
  /** As backward, but each row on its receptive field only: windows around the positions of a map, `positions` of them at a time. */
  | { readonly kind: 'patches'; readonly relaxation: RelaxationKind; readonly positions: number }
  /**
   * As `rows`, but only the rows of those neurons of each example walk that interval bounds leave undecided, `size` of each at once; the others
   * keep their intervals. Where an example has more than `atMost` of them, all rows walk.
   */
  | { readonly kind: 'sparse'; readonly rows: WalkOfRows; readonly size: number; readonly atMost: number }
  /** From the interval bounds of the nearest nonlinearities: `centre ← W c + b`, `radius ← |W| ρ`. */
  | { readonly kind: 'interval' }
  /** One merged Cauchy sketch of `projections` columns carried forward (for l2 a normal sketch of the ball beside it). An estimate. */
  | ({ readonly kind: 'sketch' } & SketchSizes)
  /** The same with a sketch for each layer that deviates, and the sum of their estimates (the paper's Algorithm 1). An estimate. */
  | ({ readonly kind: 'perLayerSketch' } & SketchSizes)
  /** A merged sketch that no other bound has draws of, read by geometric means that are enlarged: it fails with a small probability only. */
  | ProbableStrategy;

export interface SketchSizes {
  readonly projections: number;
  readonly estimator: ScaleEstimator;
}

/** The largest of `estimators` means, each of `projections` draws (a power of two), times what the tail bound asks for. */
export interface ProbableStrategy {
  readonly kind: 'probable';
  readonly projections: number;
  readonly estimators: number;
  /** Of a geometric mean of Cauchy draws. */
  readonly cauchyFactor: number;
  /** Of the root of the sum of squares of all normal draws: there are some around an ℓ2 ball. */
  readonly normalFactor: number;
}

/** What is asked of bounds that hold with probability `1 − delta`, all of an example together. */
export interface ProbabilitySizes {
  readonly delta: number;
  readonly projections: number;
  readonly estimators: number;
}

/** What comes of it: see `probability.ts`. */
export interface Probability extends ProbabilitySizes {
  /** Estimates that are made for an example. */
  readonly estimates: number;
  /** With what probability one estimator of one estimate fails, at most: `(delta / estimates)^(1 / estimators)`. */
  readonly perEstimate: number;
  /** The paper's ε: geometric means are divided by `1 − tail`. */
  readonly tail: number;
}

/** Strategies that estimate: they train, they prove nothing. */
export type SketchStrategy = Extract<SingleStrategy, SketchSizes>;

const sketchKinds = { sketch: true, perLayerSketch: true } as const satisfies Record<SketchStrategy['kind'], true>;
export const isSketch = (strategy: Strategy): strategy is SketchStrategy => Object.hasOwn(sketchKinds, strategy.kind);

/** Strategies in which rows walk back to the input. */
export type WalkOfRows = Extract<SingleStrategy, { kind: 'backward' | 'patches' }>;

/** Of several bounds the better one, entry by entry: all of them hold. At least two, different ones. */
export interface BestOf {
  readonly kind: 'best';
  readonly of: readonly SingleStrategy[];
}

export type StrategyKind = SingleStrategy['kind'];

export const singlesOf = (strategy: Strategy): readonly SingleStrategy[] =>
  strategy.kind === 'best' ? strategy.of : [strategy];

/** The relaxations that the rows of a strategy meet. */
export function relaxationsMet(strategy: Strategy): readonly RelaxationKind[] {
  return singlesOf(strategy).flatMap(part => {
    switch (part.kind) {
      case 'backward':
      case 'patches':
        return part.relaxation;
      case 'sparse':
        return part.rows.relaxation;
      case 'sketch':
      case 'perLayerSketch':
      case 'probable':
        return 'band';
      case 'closedForm':
      case 'interval':
        return [];
      default:
        return assertNever(part);
    }
  });
}

/** What a strategy costs on given shapes: the sum over the program that the bound is lowered to. */
export interface Cost {
  /** Multiply-adds per example; what all examples share is divided among them. */
  readonly macs: number;
  /** Milliseconds per example, as foretold from the rates of a backend. */
  readonly milliseconds: number;
  /** Largest tensors alive at once, bytes per example of the batch. */
  readonly bytesPerExample: number;
}

export interface Alternative extends Cost {
  readonly strategy: Strategy;
  /** Why it was not taken. */
  readonly why: string;
}

export interface Choice extends Cost {
  /** Name of the bound. */
  readonly bound: string;
  readonly strategy: Strategy;
  readonly why: string;
  /** The others that apply, best first. Weighed when it is read: only those who explain a plan want to know. */
  readonly alternatives: readonly Alternative[];
}

/**
 * What the computed bounds hold for. `float32`: the network of real numbers and the one that float32 computes, rounding included;
 * the table says what each layer rounds. `real`: bounds as if nothing were rounded, for training, and for comparisons in tests.
 */
export type Arithmetic = { readonly kind: 'real' } | { readonly kind: 'float32'; readonly roundings: RoundingTable };

export interface Plan {
  readonly purpose: 'certify' | 'train';
  readonly arithmetic: Arithmetic;
  /** Null where every bound holds with certainty, or none does. */
  readonly probability: Probability | null;
  readonly choices: readonly Choice[];
}

export interface Schedule {
  readonly certify: Plan;
  readonly train: Plan;
}

export function printStrategy(strategy: Strategy): string {
  switch (strategy.kind) {
    case 'closedForm':
      return 'closed form';
    case 'interval':
      return 'interval';
    case 'backward':
      return `backward${through(strategy)}, ${strategy.chunk} rows at a time`;
    case 'patches':
      return `patches${through(strategy)}, ${strategy.positions} positions at a time`;
    case 'sparse':
      return `sparse, ${strategy.size} at a time, up to ${strategy.atMost}; or ${printStrategy(strategy.rows)}`;
    case 'sketch':
      return `sketch, ${strategy.projections} projections, ${strategy.estimator}`;
    case 'perLayerSketch':
      return `a sketch per layer, ${strategy.projections} projections, ${strategy.estimator}`;
    case 'probable':
      return `a sketch with a tail bound, ${means(strategy)}`;
    case 'best':
      return `the better of ${strategy.of.map(printStrategy).join(' and ')}`;
    default:
      return assertNever(strategy);
  }
}

const means = ({ projections, estimators }: ProbableStrategy): string =>
  estimators === 1 ? `${projections} projections` : `the largest of ${estimators} means of ${projections} projections`;

const through = ({ relaxation }: { readonly relaxation: RelaxationKind }): string =>
  relaxation === 'crown' ? ' through CROWN lines' : '';

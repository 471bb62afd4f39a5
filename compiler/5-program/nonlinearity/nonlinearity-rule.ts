/** What a nonlinearity has to say to the lowerings: its value, what becomes of an interval, and the lines it lies between. */
import type { RelaxationKind } from '../../4-schedule/plan.ts';
import type { ValueId } from '../../shared/ids.ts';
import type { ProgramBuilder } from '../builder.ts';
import type { BoundValues, Exactness, Lines } from '../relaxation/lines.ts';

export interface NonlinearityRule<L> {
  /** `σ(z)`, by operations that have gradients. How often it rounds is in the layer's definition. */
  readonly value: (b: ProgramBuilder, layer: L, z: ValueId) => ValueId;
  /** The least and the greatest value on an interval, each off by no more roundings than `σ(z)` itself. */
  readonly image: (
    b: ProgramBuilder,
    layer: L,
    bounds: BoundValues,
  ) => { readonly least: ValueId; readonly greatest: ValueId };
  /** At least `|σ(z)|` on the interval, but for the roundings of the value. */
  readonly magnitude: (b: ProgramBuilder, layer: L, bounds: BoundValues) => ValueId;
  /** 1 where the value may be other than 0, 0 where it is exactly 0 on the whole interval, as is every line at every z. Null when it never is. */
  readonly live: ((b: ProgramBuilder, layer: L, bounds: BoundValues) => ValueId) | null;
  /** Whether a slope can be below 0. */
  readonly slopes: 'nonnegative' | 'anySign';
  /** The greatest magnitude of a slope. A kind with steeper lines is no `NonlinearityRule` before `underflow.ts` charges for their products. */
  readonly steepest: 1;
  readonly lines: {
    readonly [Kind in RelaxationKind]: (
      b: ProgramBuilder,
      layer: L,
      bounds: BoundValues,
      exactness: Exactness,
    ) => Lines;
  };
}

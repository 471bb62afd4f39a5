/**
 * Bounds by linear relaxation as they are usually written (Zhang et al. 2018, Theorem 3.2): a row walks back with its constant, which takes
 * the biases and the intercepts of the lines, on explicit matrices, one row at a time. No centre, no radius, nothing of the compiler's.
 */
import type { LayerGraph } from '../../../compiler/2-graph/layer.ts';
import type { RelaxationKind } from '../../../compiler/4-schedule/plan.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { sizeOf } from '../../../compiler/shared/shape.ts';
import type { Curve } from '../../support/layer-meaning.ts';
import { addPulledBack, type PlainNetwork } from '../../support/random-network-forward.ts';
import { bestResponse } from '../../support/sample-ball.ts';

interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** The lines of a function that is linear on either side of 0, and convex. */
function linesOf(kind: RelaxationKind, { value, slope }: Curve, low: number, high: number): readonly [Line, Line] {
  if (low >= 0 && high > 0) return both({ slope: slope(high), intercept: 0 });
  if (high <= 0) return both({ slope: slope(-1), intercept: 0 });
  const steep = (value(high) - value(low)) / (high - low);
  const chord = { slope: steep, intercept: value(low) - steep * low };
  switch (kind) {
    case 'band':
      return [{ slope: steep, intercept: 0 }, chord];
    case 'crown':
      // Less lies between the chord and the side that covers more of the interval.
      return [{ slope: slope(high > -low ? 1 : -1), intercept: 0 }, chord];
  }
}

const both = (line: Line): readonly [Line, Line] => [line, line];

export interface WrittenBounds {
  /** By nonlinearity, of its input. */
  readonly bounds: ReadonlyMap<LayerId, { readonly lower: Float64Array; readonly upper: Float64Array }>;
  readonly margins: Float64Array;
}

/**
 * Of one example.
 * @param kindsOf the relaxations that rows of the nonlinearity's input meet, or those of the margins (null); of several the better bound is taken
 */
export function writtenBounds(
  graph: LayerGraph,
  { meanings }: PlainNetwork,
  x: Float64Array,
  label: number,
  kindsOf: (nonlinearity: LayerId | null) => readonly RelaxationKind[],
): WrittenBounds {
  const shapes = new Map(graph.layers.map(({ id, shape }) => [id, shape]));
  const bounds = new Map<LayerId, { readonly lower: Float64Array; readonly upper: Float64Array }>();

  /** The least value of `row · layer` over the ball that these lines prove. */
  const least = (start: LayerId, row: Float64Array, kind: RelaxationKind): number => {
    const rows = new Map<LayerId, Float64Array>([[start, row]]);
    let constant = 0;
    for (const { id, inputs } of graph.layers.toReversed()) {
      const own = rows.get(id);
      if (own === undefined) continue;
      const meaning = meanings.get(id)!;
      if (meaning.kind === 'input') {
        const worst = bestResponse(
          graph.ball,
          x,
          own.map(entry => -entry),
        );
        return constant + own.reduce((sum, entry, i) => sum + entry * worst[i]!, 0);
      }
      if (meaning.kind === 'matrix') constant += meaning.map.bias.reduce((sum, entry, i) => sum + entry * own[i]!, 0);
      for (const [operand, input] of inputs.entries()) {
        const before = rows.get(input) ?? new Float64Array(sizeOf(shapes.get(input)!));
        rows.set(input, before);
        if (meaning.kind !== 'curve') {
          addPulledBack(before, own, meaning, operand, before);
          continue;
        }
        const { lower, upper } = bounds.get(id)!;
        own.forEach((entry, i) => {
          const line = linesOf(kind, meaning.curve, lower[i]!, upper[i]!)[entry > 0 ? 0 : 1];
          constant += entry * line.intercept;
          before[i]! += entry * line.slope;
        });
      }
    }
    return constant;
  };
  const bestOf = (start: LayerId, row: Float64Array, kinds: readonly RelaxationKind[]): number =>
    Math.max(...kinds.map(kind => least(start, row, kind)));
  const unit = (size: number, place: number, sign: number): Float64Array => {
    const row = new Float64Array(size);
    row[place] = sign;
    return row;
  };

  for (const { id, inputs } of graph.layers) {
    if (meanings.get(id)!.kind !== 'curve') continue;
    const input = inputs[0]!;
    const size = sizeOf(shapes.get(input)!);
    const kinds = kindsOf(id);
    const lower = Float64Array.from({ length: size }, (_, i) => bestOf(input, unit(size, i, 1), kinds));
    const upper = Float64Array.from({ length: size }, (_, i) => -bestOf(input, unit(size, i, -1), kinds));
    bounds.set(id, { lower, upper });
  }
  const classes = sizeOf(shapes.get(graph.output)!);
  const margins = Float64Array.from({ length: classes }, (_, other) => {
    const row = unit(classes, label, 1);
    row[other]! -= 1;
    return bestOf(graph.output, row, kindsOf(null));
  });
  return { bounds, margins };
}

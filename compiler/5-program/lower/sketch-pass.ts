/**
 * A sketch on its way through the network (design, section 5): one forward pass of `k` columns.
 *
 *     S ← diag(r_0) C_0              at an l∞ ball; around an l2 ball normal draws go beside it, `N ← ε·G`
 *     S ← W S                        affine, no bias; an `add` adds, a fan-out copies
 *     S ← slope·S + diag(radius) C_i   at a band
 *
 * The same pass with every draw, weight and product taken by its size gives what each entry of `S` is a sum of, all of one sign: its rounding
 * is a share of that (`sketch-error.ts`).
 */

import type { Layer } from '../../2-graph/layer.ts';
import type { NonlinearityLayer } from '../../2-graph/roles.ts';
import { found, invariant } from '../../shared/assert.ts';
import { floorOfSizes } from '../../shared/float32.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { type Shape, sizeOf } from '../../shared/shape.ts';
import type { AffineMap } from '../affine/affine-map.ts';
import { applyLayer } from '../affine/affine-rules.ts';
import { batch, type Dim, timesDim } from '../dim.ts';
import { nonlinearityRule } from '../nonlinearity/nonlinearity-rules.ts';
import { ballOf } from './ball.ts';
import { addAll, joined } from './centre.ts';
import type { ForwardPass } from './forward-pass.ts';
import {
  type CauchySketch,
  type Lowering,
  layerOf,
  originOf,
  relaxationOf,
  type SketchValues,
  stack,
} from './lowering.ts';

export interface Drawn {
  /** Columns. */
  readonly k: number;
  /** All generators in one sketch, or those of each layer in one of their own. */
  readonly isMerged: boolean;
  /** Of the draws that are made at a layer: equal streams are equal draws. */
  readonly streamOf: (layer: LayerId) => string;
  /** The sketch, or the sizes of what it adds up. */
  readonly carries: 'samples' | 'sizes';
}

/** Sketches that are apart are told by the layers that they are of. */
export const roleOf = (of: LayerId | null, what: string): string => (of === null ? what : `${of} ${what}`);

const nameOf = ({ carries }: Drawn): string => (carries === 'samples' ? 'sketch' : 'sketch size');

const mapOf = ({ carries }: Drawn): AffineMap =>
  carries === 'samples' ? 'linear' : { kind: 'outward', biasShare: 0, floor: floorOfSizes };

export function sketchPass(lowering: Lowering, drawn: Drawn): ForwardPass<SketchValues> {
  const { builder: b } = lowering;
  const sketch = nameOf(drawn);
  return {
    input: layer => b.within(originOf(layer, sketch), () => sketchOfBall(lowering, layer, drawn)),
    affine: (layer, { cauchy, normal }) => ({
      cauchy: cauchy.map(({ of, value }) => ({
        of,
        value: applyLayer(b, layer, value, mapOf(drawn), roleOf(of, sketch)),
      })),
      normal:
        normal === null
          ? null
          : { ...normal, value: applyLayer(b, layer, normal.value, mapOf(drawn), `normal ${sketch}`) },
    }),
    nonlinearity: {
      kind: 'through',
      at: (layer, x) => b.within(originOf(layer, sketch), () => throughBand(lowering, layer, x, drawn)),
    },
    sum: (layer, operands) => b.within(originOf(layer, sketch), () => sumSketches(lowering, layer, operands, drawn)),
    concat: (layer, operands) =>
      b.within(originOf(layer, sketch), () => joinSketches(lowering, layer, operands, drawn)),
  };
}

function sketchOfBall(lowering: Lowering, input: Layer, drawn: Drawn): SketchValues {
  const { builder: b, dual } = lowering;
  const { radius } = ballOf(lowering);
  if (dual.graph.ball.norm === 'linf') {
    const value = freshDraws(lowering, input, radius, drawn);
    return { cauchy: [{ of: drawn.isMerged ? null : input.id, value }], normal: null };
  }
  const draws = drawsAt(lowering, input, 'normal', drawn);
  return { cauchy: [], normal: { value: floored(lowering, b.binary('mul', draws, radius), drawn), perExample: false } };
}

/** `diag(radius) C`: `[k·batch, …layer]`, examples outermost. */
function freshDraws(lowering: Lowering, layer: Layer, radius: ValueId, drawn: Drawn): ValueId {
  const b = lowering.builder;
  const draws = b.within({ role: 'draws' }, () => drawsAt(lowering, layer, 'cauchy', drawn));
  return b.within({ role: `fresh ${nameOf(drawn)}` }, () =>
    floored(lowering, b.append({ kind: 'scaledRows', rows: drawn.k }, [draws, radius]), drawn),
  );
}

/** `[k, …layer]`, or their sizes. */
function drawsAt(
  { builder: b }: Lowering,
  { id, shape }: Layer,
  distribution: 'cauchy' | 'normal',
  { k, streamOf, carries }: Drawn,
): ValueId {
  const draws = b.append({ kind: 'noise', distribution, stream: streamOf(id), shape: stack(k, shape) });
  return carries === 'samples' ? draws : b.unary('abs', draws);
}

/** Sizes stand for what flushing to zero may cost as well: see `size.ts`. */
const floored = ({ builder: b }: Lowering, value: ValueId, { carries }: Drawn): ValueId =>
  carries === 'samples' ? value : b.binary('add', value, b.constant(floorOfSizes));

function throughBand(
  lowering: Lowering,
  layer: NonlinearityLayer,
  { cauchy, normal }: SketchValues,
  drawn: Drawn,
): SketchValues {
  const b = lowering.builder;
  const band = relaxationOf(lowering, 'band', layer);
  invariant(band.form === 'band', 'a sketch is carried by one slope, whatever the sign');
  const { radius } = band;
  const isSigned = drawn.carries === 'sizes' && nonlinearityRule(layer).slopes === 'anySign';
  const slope = isSigned ? b.within({ role: 'slope size' }, () => b.unary('abs', band.slope)) : band.slope;
  const scaled = (value: ValueId): ValueId => b.append({ kind: 'scaledRows', rows: drawn.k }, [value, slope]);
  const fresh = freshDraws(lowering, layer, radius, drawn);
  const before = cauchy.map(({ of, value }) => ({
    of,
    value: of === null ? scaled(value) : b.within({ role: roleOf(of, nameOf(drawn)) }, () => scaled(value)),
  }));
  return {
    cauchy: drawn.isMerged
      ? [{ of: null, value: addAll(b, [...before.map(({ value }) => value), fresh]) }]
      : [...before, { of: layer.id, value: fresh }],
    normal:
      normal === null
        ? null
        : {
            value: b.within({ role: `normal ${nameOf(drawn)}` }, () => floored(lowering, scaled(normal.value), drawn)),
            perExample: true,
          },
  };
}

/** The layers whose generators are in any of them, in order; one null where all are together. */
const sourcesIn = (sketches: readonly SketchValues[]): (LayerId | null)[] => [
  ...new Set(sketches.flatMap(({ cauchy }) => cauchy.map(({ of }) => of))),
];

const sketchOf = ({ cauchy }: SketchValues, source: LayerId | null): ValueId | null =>
  cauchy.find(({ of }) => of === source)?.value ?? null;

/** One sketch for each source, made of what the operands have of it. */
const ofEachSource = (
  { builder: b }: Lowering,
  drawn: Drawn,
  sketches: readonly SketchValues[],
  make: (values: readonly (ValueId | null)[]) => ValueId,
): CauchySketch[] =>
  sourcesIn(sketches).map(of => {
    const values = sketches.map(sketch => sketchOf(sketch, of));
    return {
      of,
      value: of === null ? make(values) : b.within({ role: roleOf(of, nameOf(drawn)) }, () => make(values)),
    };
  });

function sumSketches(lowering: Lowering, layer: Layer, sketches: readonly SketchValues[], drawn: Drawn): SketchValues {
  const b = lowering.builder;
  const { k } = drawn;
  const normal = sketches.flatMap(sketch => (sketch.normal === null ? [] : [sketch.normal]));
  const size = sizeOf(layer.shape);
  const perExample = normal.some(part => part.perExample);
  const grouped = normal.map(part => b.reshape(part.value, [part.perExample ? batch : 1, k, size]));
  return {
    cauchy: ofEachSource(lowering, drawn, sketches, values =>
      addAll(
        b,
        values.flatMap(value => value ?? []),
      ),
    ),
    normal:
      grouped.length === 0
        ? null
        : { value: b.reshape(addAll(b, grouped), stack(perExample ? timesDim(batch, k) : k, layer.shape)), perExample },
  };
}

/** Each part of the joined vector has its own generators; one that has none so far is 0 there. */
function joinSketches(lowering: Lowering, layer: Layer, sketches: readonly SketchValues[], drawn: Drawn): SketchValues {
  const b = lowering.builder;
  const { k } = drawn;
  const shapes = layer.inputs.map(input => layerOf(lowering, input).shape);
  const parts = shapes.map((shape, index) => ({ shape, ...found(sketches[index], 'a sketch') }));
  const zeros = (leading: Dim, shape: Shape): ValueId =>
    b.append({ kind: 'broadcast', shape: stack(leading, shape) }, [b.constant(0)]);
  const cauchy = ofEachSource(lowering, drawn, sketches, values =>
    joined(
      b,
      parts.map(({ shape }, index) => values[index] ?? zeros(timesDim(batch, k), shape)),
    ),
  );
  if (parts.every(part => part.normal === null)) return { cauchy, normal: null };
  const perExample = parts.some(part => part.normal?.perExample === true);
  const leading = perExample ? timesDim(batch, k) : k;
  const normal = parts.map(part => {
    if (part.normal === null) return zeros(leading, part.shape);
    if (part.normal.perExample === perExample) return part.normal.value;
    const repeated = b.append({ kind: 'broadcast', shape: [batch, k, sizeOf(part.shape)] }, [
      b.reshape(part.normal.value, [1, k, sizeOf(part.shape)]),
    ]);
    return b.reshape(repeated, stack(leading, part.shape));
  });
  return { cauchy, normal: { value: joined(b, normal), perExample } };
}

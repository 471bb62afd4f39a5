/**
 * Patches: a row of a map walks backward on its receptive field only. The rows of one position start as its channels,
 * `[channels, 1, 1, channels]`, and grow into windows, `[positions·channels, height, width, …]`, while slopes and radii are
 * cut into the windows of each position. What lies beyond a map is its zero padding: windows of slopes and radii are 0 there,
 * which drops what a dual says of it; where no band follows, a mask does.
 */
import { type AffineLayer, hasRole } from '../../2-graph/roles.ts';
import type { Bound, DualStep, WindowView } from '../../3-dual/dual.ts';
import { viewBehind } from '../../3-dual/receptive-fields.ts';
import { addTo } from '../../shared/add-to.ts';
import { assertNever, found, invariant } from '../../shared/assert.ts';
import type { LayerId, ValueId } from '../../shared/ids.ts';
import { applyTransposedOnWindow } from '../affine/affine-rules.ts';
import { batch, type Dim, dimAt, timesDim } from '../dim.ts';
import { l2Norm, radiusAt, roundingsOfRoot } from '../lower/ball.ts';
import { addAll } from '../lower/centre.ts';
import { inChunks, type WalkingRows } from '../lower/in-chunks.ts';
import {
  affineAt,
  inputOf,
  type Lowering,
  layerOf,
  nonlinearityAt,
  originOf,
  relaxationOf,
  stack,
} from '../lower/lowering.ts';
import { type Norms, rowNorms } from '../lower/norms.ts';
import { partsOf } from '../lower/parts.ts';
import { slopesMet } from '../lower/slopes-met.ts';
import type { Met } from '../lower/walk-dual.ts';
import { type StepOfPart, walkByParts } from '../lower/walk-parts.ts';

/**
 * As `lowerBackward`. All rows of a position walk together, and share its windows; so sizes of all rows are multiples of the channels. Rows that
 * are asked for come from any positions of any examples: each has windows of its own.
 */
export function lowerPatches(
  lowering: Lowering,
  bound: Bound,
  walking: WalkingRows,
  sides: readonly Met[],
): readonly Norms[] {
  const b = lowering.builder;
  const { shape } = layerOf(lowering, bound.of);
  const [height = 1, width = 1, channels = 1] = shape;
  const start = b.within({ role: 'rows of one position' }, () => {
    const identity = b.append({ kind: 'unitRows', rows: channels, size: channels, shape: [channels] });
    return b.reshape(identity, [channels, 1, 1, channels]);
  });
  const ball = found([...bound.walk].at(-1), 'the ball').of;
  const { size } = walking;
  const norms = inChunks(b, bound.rowCount, walking, indices =>
    sides.map(met => {
      const [groups, perGroup] = indices === null ? [size / channels, channels] : [size, 1];
      const rows: Rows = { grid: [height, width], channels, groups: timesDim(batch, groups), perGroup, ball, indices };
      const { value, roundings } = walkWindows(lowering, bound, start, rows, met);
      const own = indices === null ? b.within({ role: 'norms' }, () => b.reshape(value, [batch, size])) : value;
      return { value: own, roundings };
    }),
  );
  return norms.map(({ value, roundings }) => ({
    value: b.within({ role: 'reach' }, () => b.reshape(value, stack(batch, shape))),
    roundings,
  }));
}

interface Rows {
  readonly grid: readonly [number, number];
  readonly channels: number;
  /** How many windows there are, and the rows on each: positions with all of their channels, or single rows. */
  readonly groups: Dim;
  readonly perGroup: number;
  /** The layer at which the ball's norm is taken. */
  readonly ball: LayerId;
  /** Which rows these are, where they are of any examples. */
  readonly indices: ValueId | null;
}

/** A dual on windows: `[channels, h, w, c]` shared by all positions, or `[groups·rows, h, w, c]` with a window for each group. */
interface WindowDual {
  readonly value: ValueId;
  readonly view: WindowView;
}

/** Sum of the norms: `[groups, rows]`. */
function walkWindows(lowering: Lowering, bound: Bound, start: ValueId, rows: Rows, met: Met): Norms {
  const b = lowering.builder;
  const fields = found(bound.fields ?? undefined, `receptive fields of ${bound.name}`);
  const viewAt = (id: LayerId): WindowView => found(fields.get(id), `window of ${id}`);
  const duals = new Map<LayerId, WindowDual[]>([[bound.of, [{ value: start, view: viewAt(bound.of) }]]]);
  const send = (to: LayerId, dual: WindowDual): void => addTo(duals, to, dual);
  return walkByParts(
    b,
    bound,
    from => `back on windows from ${from}`,
    ({ step, dualOf }) => {
      const arrived = found(duals.get(step.of), `dual of ${step.of}`);
      return b.within(originOf(layerOf(lowering, step.of), dualOf(step.of)), () => takeStep(step, arrived, dualOf));
    },
  );

  /** The norms that the step takes off. */
  function takeStep(step: DualStep, arrived: readonly WindowDual[], dualOf: StepOfPart['dualOf']): Norms[] {
    if (step.kind === 'sum') {
      duals.set(step.of, [sumOnWindow(lowering, arrived, viewAt(step.of), rows)]);
      return [];
    }
    invariant(arrived.length === 1, 'duals were not summed');
    const dual = found(arrived[0], `dual of ${step.of}`);
    switch (step.kind) {
      case 'copy':
        for (const to of step.to) send(to, dual);
        return [];
      case 'cut': {
        const parts = partsOf(
          b,
          dual.value,
          step.to.map(to => layerOf(lowering, to).shape),
          step.to.map(dualOf),
        );
        for (const [index, to] of step.to.entries())
          send(to, { value: found(parts[index], 'a part'), view: dual.view });
        return [];
      }
      case 'transpose': {
        const layer = affineAt(lowering, step.of);
        send(
          step.to,
          b.within({ role: dualOf(step.to) }, () => throughLayer(lowering, layer, dual, rows)),
        );
        return [];
      }
      case 'relax': {
        const relaxation = relaxationOf(lowering, met.relaxation, nonlinearityAt(lowering, step.of));
        const own = ownRows(lowering, dual, rows);
        const norm = b.within({ role: `norm at ${step.of}` }, () => normOf(lowering, own, relaxation.radius, rows));
        const scale = (value: ValueId, slope: ValueId): ValueId =>
          b.append({ kind: 'scaledRows', rows: rows.perGroup }, [value, cutWindows(lowering, slope, dual.view, rows)]);
        const scaled = (): ValueId => slopesMet(b, own.value, relaxation, met.side, scale);
        send(step.to, { value: b.within({ role: dualOf(step.to) }, scaled), view: dual.view });
        return [norm];
      }
      case 'ball':
        return [
          b.within({ role: 'norm at the ball' }, () =>
            ballNorm(lowering, step.of, ownRows(lowering, dual, rows), rows),
          ),
        ];
      default:
        return assertNever(step);
    }
  }
}

/** What all positions share becomes the rows' own where they are of any examples. */
function ownRows({ builder: b }: Lowering, dual: WindowDual, { indices, channels }: Rows): WindowDual {
  if (indices === null || b.shapeOf(dual.value)[0] !== channels) return dual;
  return { value: b.append({ kind: 'rowsAt' }, [dual.value, indices]), view: dual.view };
}

function cutWindows({ builder: b }: Lowering, map: ValueId, view: WindowView, rows: Rows): ValueId {
  const { grid, channels: rowsPerWindow, groups, indices } = rows;
  return indices === null
    ? b.append({ kind: 'windows', grid, rowsPerWindow, count: factorOfBatch(groups), ...view }, [map])
    : b.append({ kind: 'windowsAt', grid, rowsPerWindow, ...view }, [map, indices]);
}

const factorOfBatch = (dim: Dim): number => dimAt(dim, 1);

function normOf(lowering: Lowering, dual: WindowDual, radius: ValueId, rows: Rows): Norms {
  const b = lowering.builder;
  const weights = b.within({ role: 'radius on windows' }, () => cutWindows(lowering, radius, dual.view, rows));
  return rowNorms(b, dual.value, weights, rows.perGroup);
}

/** The whole window of the layer's input, and a mask where the next step would read what lies beyond the map. */
function throughLayer(lowering: Lowering, layer: AffineLayer, dual: WindowDual, rows: Rows): WindowDual {
  const input = layerOf(lowering, inputOf(layer));
  const view = found(viewBehind(layer, dual.view) ?? undefined, `window behind ${layer.id}`);
  const value = applyTransposedOnWindow(lowering.builder, layer, dual.value, view.size, input.shape);
  const masked =
    view === dual.view ||
    hasRole(input, 'nonlinearity') ||
    (input.id === rows.ball && lowering.dual.graph.ball.norm === 'linf');
  return { value: masked ? value : insideOnly(lowering, value, view, input.shape, rows), view };
}

function insideOnly(
  lowering: Lowering,
  value: ValueId,
  view: WindowView,
  shape: readonly number[],
  rows: Rows,
): ValueId {
  const b = lowering.builder;
  const [height = 1, width = 1] = shape;
  const lastRow = (rows.grid[0] - 1) * view.strides[0] + view.offset[0] + view.size[0];
  const lastColumn = (rows.grid[1] - 1) * view.strides[1] + view.offset[1] + view.size[1];
  const inside = view.offset[0] >= 0 && view.offset[1] >= 0 && lastRow <= height && lastColumn <= width;
  if (inside) return value;
  const ones = b.append({ kind: 'broadcast', shape: stack(batch, shape) }, [b.constant(1)]);
  const own = ownRows(lowering, { value, view }, rows);
  return b.append({ kind: 'scaledRows', rows: rows.perGroup }, [own.value, cutWindows(lowering, ones, view, rows)]);
}

/** Windows of several branches on the smallest that holds them all. */
function sumOnWindow(lowering: Lowering, duals: readonly WindowDual[], view: WindowView, rows: Rows): WindowDual {
  const b = lowering.builder;
  const { channels, groups, perGroup } = rows;
  const isShared = ({ value }: WindowDual): boolean => b.shapeOf(value)[0] === channels;
  const alike = duals.every(isShared) || !duals.some(isShared);
  const padded = duals.map(shared => {
    const dual = alike ? shared : ownRows(lowering, shared, rows);
    const [above, left] = [dual.view.offset[0] - view.offset[0], dual.view.offset[1] - view.offset[1]];
    const [below, right] = [view.size[0] - dual.view.size[0] - above, view.size[1] - dual.view.size[1] - left];
    if (above + below + left + right === 0) return dual;
    return { value: b.pad(dual.value, [0, above, left, 0], [0, below, right, 0]), view };
  });
  if (padded.every(isShared) || !padded.some(isShared)) return { value: addAll(b, padded.map(valueIn)), view };
  const tail = b.shapeOf(found(padded[0], 'a dual').value).slice(1);
  const grouped = padded.map(dual => b.reshape(dual.value, [isShared(dual) ? 1 : groups, perGroup, ...tail]));
  const ordered = grouped.toSorted((x, y) => Number(b.shapeOf(x)[0] !== 1) - Number(b.shapeOf(y)[0] !== 1));
  return { value: b.reshape(addAll(b, ordered), [timesDim(groups, perGroup), ...tail]), view };
}

const valueIn = ({ value }: WindowDual): ValueId => value;

function ballNorm(lowering: Lowering, at: LayerId, dual: WindowDual, rows: Rows): Norms {
  const b = lowering.builder;
  if (lowering.dual.graph.ball.norm === 'linf') return normOf(lowering, dual, radiusAt(lowering, at), rows);
  const { channels, groups, perGroup } = rows;
  const [leading = 1, ...tail] = b.shapeOf(dual.value);
  const isShared = leading === channels;
  const size = tail.reduce<number>((product, dim) => product * Number(dim), 1);
  const squares = b.sum(b.unary('square', b.reshape(dual.value, [isShared ? 1 : groups, perGroup, size])), [2]);
  const norm = l2Norm(lowering, squares, size);
  const value = isShared ? b.append({ kind: 'broadcast', shape: [groups, perGroup] }, [norm]) : norm;
  return { value, roundings: size + roundingsOfRoot };
}

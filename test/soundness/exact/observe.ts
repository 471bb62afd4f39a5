/** Looks for the points of a ball, and the ways to compute in float32, that take margins and activations as far as they go. */
import { hasRole } from '../../../compiler/2-graph/roles.ts';
import type { LayerId } from '../../../compiler/shared/ids.ts';
import { corners, drawnPoints, exactBall, outline } from './exact-ball.ts';
import { cornersOfPieces } from './exact-minimum.ts';
import { type ExactValues, exactNetwork } from './exact-network.ts';
import { between, type ExactVector, exactVector, toNumbers } from './exact-vector.ts';
import { type Extremes, type Seen, seenIn, seenInFloats, widened } from './extremes.ts';
import { type Float32Values, float32Network, type Wishes } from './float32-network.ts';
import { float32Point } from './float32-points.ts';
import { sumRules } from './float32-sum.ts';
import { classesOf, type ExactSubject } from './subject.ts';

export interface ExactEffort {
  /** Points drawn before any search. */
  readonly points: number;
  /** Steps of a search; each goes to where the present linear piece is least, or half the way. */
  readonly steps: number;
  /** Neurons of each nonlinearity that are searched for, in both directions. */
  readonly neurons: number;
  /** Most linear pieces of a network of one or two inputs, whose corners are then all looked at. */
  readonly pieces: number;
  /** Points at which the network is run in float32. */
  readonly rounded: number;
}

/** Extremes by the layer that a nonlinearity reads; those of the margins, one for each class, under `margins`. */
export type Findings = Map<LayerId | 'margins', Extremes>;

export interface Observed {
  /** Of the network in real numbers. */
  readonly real: Findings;
  /** Of the network in float32, however it is run. */
  readonly float32: Findings;
  /** Points tried, and runs in float32. */
  readonly points: number;
  readonly runs: number;
}

/** Logits of one more way to run the network in float32. */
export type Forward = (points: readonly Float32Array[]) => readonly ArrayLike<number>[];

export function observe(
  subject: ExactSubject,
  effort: ExactEffort,
  next: () => number,
  forwards: readonly Forward[] = [],
): Observed {
  const { graph, params, x, label, epsilon } = subject;
  const classes = classesOf(graph);
  const network = exactNetwork(graph, params);
  const floats = float32Network(graph, params);
  const ball = exactBall(graph.ball, x, epsilon);
  const read = [
    ...new Set(graph.layers.filter(layer => hasRole(layer, 'nonlinearity')).map(({ inputs }) => inputs[0]!)),
  ];
  const [real, float32]: [Findings, Findings] = [new Map(), new Map()];
  let [points, runs] = [0, 0];

  const note = (findings: Findings, name: LayerId | 'margins', seen: readonly Seen[]): void =>
    void findings.set(name, widened(findings.get(name), seen));

  const look = (point: ExactVector, how: string): ExactValues => {
    // A point outside would refute nothing, and a good bound would look wrong.
    if (!ball.contains(point)) throw new Error(`the search itself left the ball: ${toNumbers(point)}`);
    points++;
    const values = network.valuesAt(point);
    for (const layer of read) note(real, layer, seenIn(values.get(layer)!, how, point));
    note(real, 'margins', seenIn(marginsOf(values.get(graph.output)!, label), how, point));
    return values;
  };

  const lookAtFloats = (values: Float32Values, how: string, point: ExactVector): void => {
    runs++;
    for (const layer of read) note(float32, layer, seenInFloats(values.get(layer)!, how, point));
    note(float32, 'margins', seenMargins(values.get(graph.output)!, label, how, point));
  };

  const drawn = drawnPoints(ball, effort.points, next);
  if (x.length <= 3 && ball.norm === 'linf') drawn.push(...corners(ball));
  for (const point of drawn) look(point, 'a drawn point');

  /** Towards the point where `row · layer` is least. */
  const descend = (layer: LayerId, row: readonly bigint[], from: ExactVector): void => {
    let point = from;
    for (let step = 0; step < effort.steps; step++) {
      const values = look(point, 'a search');
      const gradient = network.gradients(layer, row, values).get(graph.input);
      if (gradient === undefined) return;
      const target = ball.towards(directionOf(gradient));
      point = step === 0 || next() < 0.5 ? target : between(point, target, [BigInt(1 + Math.floor(next() * 63)), 64n]);
    }
    look(point, 'a search');
  };

  const rows: { readonly layer: LayerId; readonly row: readonly bigint[] }[] = [];
  for (let other = 0; other < classes; other++)
    if (other !== label) rows.push({ layer: graph.output, row: marginRow(classes, label, other) });
  for (const layer of read) {
    const size = real.get(layer)!.least.length;
    for (let count = 0; count < Math.min(size, effort.neurons); count++) {
      const neuron = size <= effort.neurons ? count : Math.floor(next() * size);
      for (const sign of [1n, -1n])
        rows.push({ layer, row: Array.from({ length: size }, (_, i) => (i === neuron ? sign : 0n)) });
    }
  }
  for (const { layer, row } of rows) descend(layer, row, drawn[Math.floor(next() * drawn.length)]!);
  if (x.length <= 2)
    for (const point of cornersOfPieces(network, outline(ball), effort.pieces) ?? [])
      look(point, 'a corner of a linear piece');

  /** The rows that an adversary can push at a float32 point: every way to round them. */
  const roundAt = (point: ExactVector, pushed: typeof rows): Float32Array => {
    const rounded = float32Point(point, x);
    const exact = exactVector(rounded);
    const values = look(exact, 'a float32 point');
    for (const how of sumRules) lookAtFloats(floats.valuesAt(rounded, how), how.name, exact);
    for (const { layer, row } of pushed) {
      const wishes: Wishes = new Map(
        [...network.gradients(layer, row, values)].map(([id, { units }]) => [id, units.map(wishOf)]),
      );
      lookAtFloats(floats.adversarial(rounded, wishes), 'the worst rule for each neuron', exact);
    }
    return rounded;
  };
  const rounded: Float32Array[] = [];
  const margins = rows.filter(({ layer }) => layer === graph.output);
  const worst = margins.map(({ row }) => real.get('margins')!.least[row.indexOf(-1n)]!.point);
  for (const point of [...worst, ...drawn].slice(0, effort.rounded)) rounded.push(roundAt(point, rows));
  for (const forward of forwards)
    for (const [i, logits] of forward(rounded).entries()) {
      runs++;
      note(float32, 'margins', seenMargins(logits, label, "the module's own forward", exactVector(rounded[i]!)));
    }
  return { real, float32, points, runs };
}

/** Downwards: what a positive gradient wishes small. */
const wishOf = (units: bigint): number => (units > 0n ? -1 : units < 0n ? 1 : 0);

const marginRow = (classes: number, label: number, other: number): bigint[] =>
  Array.from({ length: classes }, (_, i) => (i === label ? 1n : i === other ? -1n : 0n));

/** Against the gradient, scaled so that no entry overflows. */
function directionOf({ units }: ExactVector): Float64Array {
  const size = Math.max(...units.map(entry => entry.toString(16).length));
  const shift = BigInt(Math.max(0, size * 4 - 1000));
  const scaled = Float64Array.from(units, entry => -Number(entry >> shift));
  // A shift may lose small entries, never their sign.
  return scaled.map((entry, i) => (entry === 0 && units[i] !== 0n ? (units[i]! > 0n ? -1 : 1) : entry));
}

const marginsOf = (logits: ExactVector, label: number): ExactVector => ({
  ...logits,
  units: logits.units.map(units => logits.units[label]! - units),
});

/** Differences of float32 logits, without rounding. */
function seenMargins(logits: ArrayLike<number>, label: number, how: string, point: ExactVector): Seen[] {
  const all = Array.from(logits);
  if (all.every(Number.isFinite)) return seenIn(marginsOf(exactVector(all), label), how, point);
  return all.map((logit, i) => {
    if (Number.isFinite(logit) && Number.isFinite(all[label]!))
      return {
        about: all[label]! - logit,
        exact: { vector: marginsOf(exactVector([all[label]!, logit]), 0), entry: 1 },
        how,
        point,
      };
    return { about: i === label ? 0 : all[label]! - logit, exact: null, how, point };
  });
}

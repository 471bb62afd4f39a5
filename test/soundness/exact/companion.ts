/**
 * The batch in which a subject is certified: a companion comes first, with small numbers and another label, whose rounding must not be
 * taken for the subject's.
 */
import { classesOf, type ExactSubject } from './subject.ts';

export interface ExampleBatch {
  readonly params: ExactSubject['params'];
  readonly x: Float32Array;
  readonly labels: readonly number[];
  readonly epsilon: number;
}

export const batchSize = 2;

/** 0 where the box has it. */
export function withCompanion({ graph, params, x, label, epsilon }: ExactSubject): ExampleBatch {
  const { ball } = graph;
  const box = ball.norm === 'linf' ? ball.box : null;
  const hasZero = box === null || (box[0] <= 0 && box[1] >= 0);
  const companion = hasZero ? x.map(() => 0) : x;
  return {
    params,
    x: Float32Array.from([...companion, ...x]),
    labels: [(label + 1) % classesOf(graph), label],
    epsilon,
  };
}

/** The subject's part of what was computed for the batch. */
export const ofSubject = <Values extends Float32Array | Float64Array>(values: Values): Values =>
  values.slice(values.length / batchSize) as Values;

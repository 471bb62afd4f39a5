/**
 * The rates that predicted times are made of, measured on the current backend: single operations over a range of sizes, fitted per
 * family so that no time is off by much of itself.
 */
import * as tf from '@tensorflow/tfjs-core';
import { keepDerived } from '../../../runtime/index.ts';
import { nextTurn } from '../../../runtime/next-turn.ts';
import type { Rate, Rates, TimedFamily } from '../../4-schedule/rates/rate.ts';
import { effortOf, inferShape, operationOf } from '../../5-program/op-table.ts';
import { fitRate, type Measured } from './fit-rate.ts';
import { timeInTurn } from './time-in-turn.ts';
import { timeOperation } from './time-operation.ts';
import { type TimedCase, timedCases } from './timed-cases.ts';

export interface MeasuredCase extends Measured {
  readonly family: TimedFamily;
  readonly what: string;
}

export interface MeasuredRates {
  readonly rates: Rates;
  readonly cases: readonly MeasuredCase[];
}

/** Of all cases. */
const rounds = 40;

/** Milliseconds for each case where a call returns before it is done. */
const alone = 400;

/** @param onCase hears how many times are taken of how many */
export async function measureRates(onCase: (done: number, all: number) => void): Promise<MeasuredRates> {
  const times = isAsynchronous() ? await onePerCase(onCase) : await inRounds(onCase);
  const cases = [...times].map(([each, nanoseconds]): MeasuredCase => {
    const work = effortOf(each.op, each.shapes, inferShape(each.op, each.shapes), 1);
    return { ...work, family: familyOf(each), nanoseconds, what: titleOf(each) };
  });
  return { rates: fitRates(cases), cases };
}

const familyOf = ({ standsFor, op }: TimedCase): TimedFamily => standsFor ?? operationOf(op).family;

type Times = ReadonlyMap<TimedCase, number>;

/** What a call takes there before its result is done is no measure of it, and to wait for one result takes longer than many operations. */
const isAsynchronous = (): boolean => tf.getBackend() === 'webgpu';

/**
 * Each case once in each round, as it runs in a program: behind others of about its size and of other families, so that neither its code nor its
 * numbers lie where the processor looks for them first. Run over and over by itself a small operation takes a tenth of that. What is made of
 * parameters is kept, as it is while examples are certified.
 */
async function inRounds(onCase: (done: number, all: number) => void): Promise<Times> {
  const tensors = new Map<string, tf.Tensor>();
  const ordered = byTurns(timedCases);
  const calls = ordered.map(({ shapes, run }) => {
    const operands = shapes.map(shape => tensorOf(shape, tensors));
    return () => run(...operands);
  });
  const kept = keepDerived(Object.fromEntries(tensors));
  const onRound = (round: number): void => onCase(round * calls.length, rounds * calls.length);
  const times = await timeInTurn(calls, { rounds, onRound, nextTurn });
  kept.dispose();
  tf.dispose([...tensors.values()]);
  return new Map(ordered.map((each, index) => [each, times[index]! * 1e6]));
}

/** The first of each family, then the second of each, and so on. */
function byTurns(cases: readonly TimedCase[]): TimedCase[] {
  const seen = new Map<TimedFamily, number>();
  const placed = cases.map(each => {
    const place = seen.get(familyOf(each)) ?? 0;
    seen.set(familyOf(each), place + 1);
    return { each, place };
  });
  return placed.toSorted((a, b) => a.place - b.place).map(({ each }) => each);
}

/** Rows that are asked for are taken only where a backend says at once which these are. */
const readsBack: ReadonlySet<string> = new Set(['windowsAt']);

/** One tensor for each shape. */
function tensorOf(shape: readonly number[], known: Map<string, tf.Tensor>): tf.Tensor {
  const key = String(shape);
  const tensor = known.get(key) ?? tf.randomUniform([...shape], 0.1, 1);
  known.set(key, tensor);
  return tensor;
}

async function onePerCase(onCase: (done: number, all: number) => void): Promise<Times> {
  const times = new Map<TimedCase, number>();
  for (const each of timedCases.filter(({ op }) => !readsBack.has(op.kind))) {
    onCase(times.size, timedCases.length);
    const operands = each.shapes.map(shape => tf.randomUniform([...shape], 0.1, 1));
    times.set(each, await timeOperation(() => each.run(...operands), alone));
    tf.dispose(operands);
  }
  onCase(times.size, timedCases.length);
  return times;
}

export function fitRates(cases: readonly MeasuredCase[]): Rates {
  const fitted: Partial<Record<TimedFamily, Rate>> = {};
  for (const family of new Set(cases.map(each => each.family)))
    fitted[family] = fitRate(cases.filter(each => each.family === family));
  // Another view of a tensor, and the bookkeeping of a loop: what TensorFlow.js takes for a tensor that it does not touch.
  if (fitted.free !== undefined) fitted.free = { ...fitted.free, perEntry: 0 };
  return fitted as Rates;
}

function titleOf({ op, shapes }: TimedCase): string {
  const [first = '', ...others] = shapes.map(shape => `[${shape.join(', ')}]`);
  const rest = others.length > 1 ? ` and ${others.length} more` : others.map(other => ` and ${other}`).join('');
  return `${op.kind} ${first}${rest}`;
}

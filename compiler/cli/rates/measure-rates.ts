/**
 * The rates that predicted times are made of, measured on the current backend: single operations over a range of sizes, fitted per
 * family so that no time is off by much of itself.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Rate, Rates, TimedFamily } from '../../4-schedule/rates/rate.ts';
import { inferShape, operationOf } from '../../5-program/op-table.ts';
import { workOf } from '../../candidate-cost.ts';
import { fitRate, type Measured } from './fit-rate.ts';
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

/** For each operation and size. */
const milliseconds = 400;

/** @param onCase hears how many are done of how many */
export async function measureRates(onCase: (done: number, all: number) => void): Promise<MeasuredRates> {
  const cases: MeasuredCase[] = [];
  for (const each of timedCases) {
    onCase(cases.length, timedCases.length);
    const family = each.standsFor ?? operationOf(each.op).family;
    const work = workOf(each.op, each.shapes, inferShape(each.op, each.shapes), 1);
    cases.push({ ...work, family, nanoseconds: await nanosecondsFor(each), what: titleOf(each) });
  }
  onCase(cases.length, timedCases.length);
  return { rates: fitRates(cases), cases };
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

async function nanosecondsFor({ shapes, run }: TimedCase): Promise<number> {
  const operands = shapes.map(shape => tf.randomUniform(shape.map(Number), 0.1, 1));
  const nanoseconds = await timeOperation(() => run(...operands), milliseconds);
  tf.dispose(operands);
  return nanoseconds;
}

/** The same network with simpler numbers: fewer of them, then rounder ones. Simplest first. */
import type { ExactSubject } from './subject.ts';

export function* simplerNumbers(subject: ExactSubject): Generator<ExactSubject> {
  const { params, x, epsilon } = subject;
  for (const name of Object.keys(params)) {
    const values = params[name]!;
    const replaced = (own: Float32Array): ExactSubject => ({ ...subject, params: { ...params, [name]: own } });
    if (values.some(value => value !== 0)) yield replaced(values.map(() => 0));
    for (const simplify of [toSign, toPower, toFewBits]) {
      const own = values.map(simplify);
      if (own.some((value, i) => value !== values[i])) yield replaced(own);
    }
    for (const [i, value] of values.entries())
      for (const own of [0, ...[toSign, toPower, toFewBits].map(simplify => simplify(value))]) {
        if (own === value) break;
        yield replaced(values.with(i, own));
      }
  }
  for (const simplify of [() => 0, toSign, toPower, toFewBits]) {
    const own = x.map(simplify);
    if (own.some((value, i) => value !== x[i])) yield { ...subject, x: own };
  }
  const round = Number(epsilon.toPrecision(1));
  if (round !== epsilon) yield { ...subject, epsilon: round };
}

const toSign = (value: number): number => Math.sign(value);

const toPower = (value: number): number =>
  value === 0 ? 0 : Math.fround(Math.sign(value) * 2 ** Math.floor(Math.log2(Math.abs(value))));

/** Eight significant bits. */
function toFewBits(value: number): number {
  if (value === 0) return 0;
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 7);
  const rounded = Math.fround(Math.round(value / unit) * unit);
  return Number.isFinite(rounded) && unit > 0 ? rounded : value;
}

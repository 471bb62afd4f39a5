/**
 * What becomes of numbers below 2⁻¹²⁶, as operands and as results. Zero is allowed (TensorFlow's threads take it for faster), and
 * anything that is no further off.
 */
import { type Expected, measure, smallestNormal, worstOf } from './allowed-error.ts';
import type { Probe } from './probe.ts';
import type { Numbers, ProbeOp } from './probe-op.ts';
import { filled } from './sample-numbers.ts';

export const flushToZero: Probe = {
  name: 'numbers below 2⁻¹²⁶',
  assumes: 'results below 2⁻¹²⁶ are off by no more, nor is what comes of operands below it, times the other operand',
  allowed: 'η = 2⁻¹²⁶ (1 + |other|)',
  async run(compute) {
    const measures = [];
    const flushing = { result: [] as string[], operand: [] as string[] };
    for (const { op, operands, of, exact, allowed } of cases) {
      const found = await compute(op, ...operands);
      measures.push(measure(op.kind, found, found.length, (): Expected => ({ exact, allowed })));
      if (Array.prototype.some.call(found, value => value === 0)) flushing[of].push(op.kind);
    }
    return {
      worst: worstOf(measures),
      findings: [
        { name: 'results below 2⁻¹²⁶', value: said(flushing.result, 'result') },
        { name: 'operands below 2⁻¹²⁶', value: said(flushing.operand, 'operand') },
      ],
    };
  },
};

interface FlushCase {
  readonly op: ProbeOp;
  readonly operands: readonly Numbers[];
  /** Which of the two is below 2⁻¹²⁶. */
  readonly of: 'result' | 'operand';
  readonly exact: number;
  readonly allowed: number;
}

const small = smallestNormal / 4;
const lanes = 19;
const matMul = { kind: 'matMul', transposeA: false, transposeB: false } as const;
const conv2d = { kind: 'conv2d', strides: [1, 1], padding: [0, 0, 0, 0] } as const;
const inner = 8;

/** All entries of an operand are the same. */
const cases: readonly FlushCase[] = [
  {
    op: { kind: 'mul' },
    operands: [filled(2 ** -64, lanes), filled(2 ** -64, lanes)],
    of: 'result',
    exact: small,
    allowed: smallestNormal,
  },
  {
    op: { kind: 'sub' },
    operands: [filled(1.25 * smallestNormal, lanes), filled(smallestNormal, lanes)],
    of: 'result',
    exact: small,
    allowed: smallestNormal,
  },
  {
    op: { kind: 'div' },
    operands: [filled(2 ** -64, lanes), filled(2 ** 64, lanes)],
    of: 'result',
    exact: small,
    allowed: smallestNormal,
  },
  {
    op: matMul,
    operands: [filled(2 ** -66, 5, inner), filled(2 ** -66, inner, 9)],
    of: 'result',
    exact: inner * 2 ** -132,
    allowed: inner * smallestNormal,
  },
  {
    op: conv2d,
    operands: [filled(2 ** -66, 1, 3, 3, inner), filled(2 ** -66, 1, 1, inner, 9)],
    of: 'result',
    exact: inner * 2 ** -132,
    allowed: inner * smallestNormal,
  },
  // Far above 2⁻¹²⁶, unless the operand is taken for zero.
  {
    op: { kind: 'mul' },
    operands: [filled(small, lanes), filled(2 ** 100, lanes)],
    of: 'operand',
    exact: 2 ** -28,
    allowed: 2 ** -26,
  },
  {
    op: { kind: 'sum' },
    operands: [filled(small, 3, inner)],
    of: 'operand',
    exact: inner * small,
    allowed: inner * smallestNormal,
  },
  {
    op: matMul,
    operands: [filled(small, 5, inner), filled(2 ** 100, inner, 9)],
    of: 'operand',
    exact: inner * 2 ** -28,
    allowed: inner * 2 ** -26,
  },
  {
    op: conv2d,
    operands: [filled(small, 1, 3, 3, inner), filled(2 ** 100, 1, 1, inner, 9)],
    of: 'operand',
    exact: inner * 2 ** -28,
    allowed: inner * 2 ** -26,
  },
];

/** `kept`, `zero`, or which operations take them for zero. */
function said(flushing: readonly string[], of: FlushCase['of']): string {
  if (flushing.length === 0) return 'kept';
  const all = cases.filter(flushCase => flushCase.of === of).length;
  return flushing.length === all ? 'zero' : `zero in ${flushing.join(', ')}`;
}

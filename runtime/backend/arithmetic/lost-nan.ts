/** Which operations take NaN for a number. Backends differ, so no certificate relies on any of these: it uses `poison`. */
import type { Finding, Probe } from './probe.ts';
import type { Compute, ProbeOp } from './probe-op.ts';
import { filled, listed } from './sample-numbers.ts';

export const lostNan: Probe = {
  name: 'choices of NaN',
  assumes: 'nothing: backends differ in what relu, maximum, minimum, max, step and sign make of NaN',
  allowed: 'anything',
  async run(compute) {
    const findings: Finding[] = [];
    for (const [name, op, ...operands] of cases) {
      findings.push({ name, value: await said(compute, op, operands) });
    }
    findings.push({ name: 'sign(x) is ±1 down to |x| =', value: await smallestSign(compute) });
    return { worst: { share: 0, where: '' }, findings };
  },
};

const lanes = 9;
const nan = filled(Number.NaN, lanes);
const two = filled(2, lanes);
/** The only NaN stands first, between and last. */
const rows = listed([Number.NaN, 1, 2, 1, Number.NaN, 2, 1, 2, Number.NaN], 3, 3);

const cases: readonly (readonly [string, ProbeOp, ...(typeof nan)[]])[] = [
  ['relu(NaN)', { kind: 'relu' }, nan],
  ['step(NaN)', { kind: 'step' }, nan],
  ['sign(NaN)', { kind: 'sign' }, nan],
  ['maximum(NaN, 2)', { kind: 'maximum' }, nan, two],
  ['maximum(2, NaN)', { kind: 'maximum' }, two, nan],
  ['minimum(NaN, 2)', { kind: 'minimum' }, nan, two],
  ['minimum(2, NaN)', { kind: 'minimum' }, two, nan],
  ['max of a row with NaN', { kind: 'max' }, rows],
];

async function said(compute: Compute, op: ProbeOp, operands: readonly (typeof nan)[]): Promise<string> {
  const found = [...new Set(Array.from(await compute(op, ...operands)))];
  return found.map(value => (Number.isNaN(value) ? 'NaN' : String(value))).join(' or ');
}

/** The smallest power of 2 with a sign of 1, and all above it. */
async function smallestSign(compute: Compute): Promise<string> {
  const powers = Array.from({ length: 149 }, (_, i) => 2 ** -(i + 1));
  const found = Array.from(await compute({ kind: 'sign' }, listed(powers)));
  const wrong = found.findIndex(value => value !== 1);
  return `2^−${wrong === -1 ? powers.length : wrong}`;
}

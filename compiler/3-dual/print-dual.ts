/** The dual network as text: bound by bound, the walk with its reversed skips. */
import { assertNever } from '../shared/assert.ts';
import type { Bound, DualNetwork, DualStep } from './dual.ts';

export function printDual(dual: DualNetwork): string {
  return `${dual.bounds.map(printBound).join('\n\n')}\n`;
}

function printBound(bound: Bound): string {
  const rows =
    bound.rows === 'identity' ? `${bound.rowCount} identity rows` : `${bound.rowCount} rows e_label - e_class`;
  const needs = bound.needs.length > 0 ? `, needs ${bound.needs.join(', ')}` : '';
  const subject = bound.rows === 'identity' ? `input of ${bound.name}` : 'margins';
  return [
    `bound ${subject} = output of ${bound.of}: ${rows}${needs}`,
    ...bound.walk.map(step => `  ${printStep(step)}`),
  ].join('\n');
}

function printStep(step: DualStep): string {
  switch (step.kind) {
    case 'sum':
      return `${step.of.padEnd(14)} sum of the duals from ${step.from.join(', ')}   (fan-out, reversed)`;
    case 'transpose':
      return `${step.of.padEnd(14)} transpose -> ${step.to}`;
    case 'copy':
      return `${step.of.padEnd(14)} copy -> ${step.to.join(', ')}   (skip, reversed)`;
    case 'band':
      return `${step.of.padEnd(14)} band: - <radius, |dual|>, dual * slope -> ${step.to}`;
    case 'ball':
      return `${step.of.padEnd(14)} ball: - dual norm`;
    default:
      return assertNever(step);
  }
}

/** The dual network as text: bound by bound, the walk with its reversed skips. */
import { assertNever, found } from '../shared/assert.ts';
import type { Bound, DualNetwork, DualStep } from './dual.ts';

export function printDual(dual: DualNetwork): string {
  return `${dual.bounds.map(bound => printBound(dual, bound)).join('\n\n')}\n`;
}

/** Names of the bounds whose bands the walk meets, nearest first. */
export function neededBounds({ boundOfNonlinearity }: DualNetwork, { walk }: Bound): readonly string[] {
  const bands = [...walk].filter(step => step.kind === 'relax');
  return [...new Set(bands.map(({ of }) => found(boundOfNonlinearity.get(of), `bound of ${of}`)))];
}

function printBound(dual: DualNetwork, bound: Bound): string {
  const rows =
    bound.rows === 'identity' ? `${bound.rowCount} identity rows` : `${bound.rowCount} rows e_label - e_class`;
  const needed = neededBounds(dual, bound);
  const needs = needed.length > 0 ? `, needs ${needed.join(', ')}` : '';
  const subject = bound.rows === 'identity' ? `input of ${bound.name}` : 'margins';
  return [
    `bound ${subject} = output of ${bound.of}: ${rows}${needs}`,
    ...Array.from(bound.walk, step => `  ${printStep(step)}`),
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
    case 'cut':
      return `${step.of.padEnd(14)} cut -> ${step.to.join(', ')}   (concat, reversed)`;
    case 'relax':
      return `${step.of.padEnd(14)} band: - <radius, |dual|>, dual * slope -> ${step.to}`;
    case 'ball':
      return `${step.of.padEnd(14)} ball: - dual norm`;
    default:
      return assertNever(step);
  }
}

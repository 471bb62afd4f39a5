/** The layers that a step sends a dual to. */
import { assertNever } from '../shared/assert.ts';
import type { LayerId } from '../shared/ids.ts';
import type { DualStep } from './dual.ts';

export function targetsOf(step: DualStep): readonly LayerId[] {
  switch (step.kind) {
    case 'copy':
    case 'cut':
      return step.to;
    case 'transpose':
    case 'relax':
      return [step.to];
    case 'sum':
    case 'ball':
      return [];
    default:
      return assertNever(step);
  }
}

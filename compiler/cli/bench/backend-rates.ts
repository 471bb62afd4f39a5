/** The rates that schedules and predicted times on a backend are made of. */

import type { BackendName } from '../../../runtime/backend/backend-name.ts';
import type { NamedRates } from '../../4-schedule/rates/rate.ts';
import { shippedRates } from '../../4-schedule/rates/shipped-rates.ts';

const known: Partial<Readonly<Record<BackendName, NamedRates>>> = shippedRates;

export interface BackendRates {
  readonly rates: NamedRates;
  /** Whether they are this backend's own. Those of WebAssembly say of another one how long a call may take, roughly, and no more. */
  readonly own: boolean;
}

export function ratesOf(backend: BackendName): BackendRates {
  const rates = known[backend];
  return rates === undefined ? { rates: shippedRates.wasm, own: false } : { rates, own: true };
}

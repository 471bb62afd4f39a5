/** The rates that predicted times on a backend are made of. */

import type { BackendName } from '../../../runtime/backend/backend-name.ts';
import type { Rates } from '../../4-schedule/rates/rate.ts';
import { wasmRates } from '../../4-schedule/rates/wasm.ts';

const known: Partial<Readonly<Record<BackendName, Rates>>> = { wasm: wasmRates };

export interface BackendRates {
  readonly rates: Rates;
  /** Whether they are this backend's own. Those of WebAssembly say of another one how long a call may take, roughly, and no more. */
  readonly own: boolean;
}

export function ratesOf(backend: BackendName): BackendRates {
  const rates = known[backend];
  return rates === undefined ? { rates: wasmRates, own: false } : { rates, own: true };
}

/** The rates that come with dualc, by name. */
import { nativeRates } from './native.ts';
import type { NamedRates } from './rate.ts';
import { wasmRates } from './wasm.ts';

export type ShippedRates = 'wasm' | 'native';

export const shippedRates: Readonly<Record<ShippedRates, NamedRates>> = {
  wasm: { name: 'wasm', about: 'one thread of WebAssembly', rates: wasmRates },
  native: { name: 'native', about: 'one thread of TensorFlow on a CPU', rates: nativeRates },
};

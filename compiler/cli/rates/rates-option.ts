/** `--rates`: what predicted times are made of. Nothing of the machine is used unless it is asked for: what is compiled is the same everywhere. */
import { existsSync } from 'node:fs';
import { InputError } from '../../../runtime/errors.ts';
import type { NamedRates } from '../../4-schedule/rates/rate.ts';
import { type ShippedRates, shippedRates } from '../../4-schedule/rates/shipped-rates.ts';
import { nearestName } from '../../diagnostics/did-you-mean.ts';
import { calibrationFile, namedCalibration, readCalibration } from './calibrated-rates.ts';

const isShipped = (text: string): text is ShippedRates => Object.hasOwn(shippedRates, text);

/** @throws InputError when there are none of that name, or the file holds none */
export function ratesFor(text: string): NamedRates {
  if (isShipped(text)) return shippedRates[text];
  const backend = /^calibrated:([a-z-]+)$/.exec(text)?.[1];
  if (backend !== undefined) {
    const file = calibrationFile(backend);
    if (!existsSync(file))
      throw new InputError(
        `--rates ${text}: this machine has no rates of ${backend}; npx dualc doctor --calibrate --backend ${backend} measures them`,
      );
    return namedCalibration(text, readCalibration(file));
  }
  if (text.endsWith('.json')) return namedCalibration(text, readCalibration(text));
  const names = Object.keys(shippedRates);
  const near = nearestName(text, [...names, 'calibrated:wasm', 'calibrated:native']);
  throw new InputError(
    `--rates ${text}: there are ${names.join(', ')}, calibrated:BACKEND, and files that end in .json${near === null ? '' : `; did you mean ${near}?`}`,
  );
}

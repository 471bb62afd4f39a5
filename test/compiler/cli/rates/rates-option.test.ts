import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nativeRates } from '../../../../compiler/4-schedule/rates/native.ts';
import type { Rates } from '../../../../compiler/4-schedule/rates/rate.ts';
import { shippedRates } from '../../../../compiler/4-schedule/rates/shipped-rates.ts';
import { wasmRates } from '../../../../compiler/4-schedule/rates/wasm.ts';
import { type Calibration, calibrationFile, saveCalibration } from '../../../../compiler/cli/rates/calibrated-rates.ts';
import { ratesFor } from '../../../../compiler/cli/rates/rates-option.ts';
import { mapRecord } from '../../../../compiler/shared/map-record.ts';
import { InputError } from '../../../../runtime/errors.ts';
import { makeWorkplace, smallArchitecture, type Workplace } from '../../../support/command-line.ts';

/** As if only multiply-adds of whole matrices took time. */
const oddRates: Rates = mapRecord(wasmRates, () => ({ perDispatch: 0, perMultiplyAdd: 1, perEntry: 0 }));
const calibration: Calibration = {
  schema: 1,
  backend: 'native',
  threads: 2,
  date: '2026-11-30',
  dualc: '0.1.0',
  tfjs: '4.22.0',
  machine: 'a processor, linux x64',
  rates: oddRates,
};

let place: Workplace;
beforeEach(() => {
  place = makeWorkplace();
  place.write('net.arch.ts', smallArchitecture);
  vi.stubEnv('XDG_CACHE_HOME', path.join(place.folder, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  place.remove();
});

const refusal = (text: string): string => {
  try {
    ratesFor(text);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  return expect.fail('nothing was refused');
};

describe('--rates', () => {
  it('has those that dualc ships, of two backends that differ', () => {
    expect(ratesFor('wasm')).toBe(shippedRates.wasm);
    expect(ratesFor('native').rates).toBe(nativeRates);
    expect(nativeRates).not.toEqual(wasmRates);
  });

  it('has those of this machine once it is calibrated, and of a file', async () => {
    expect(refusal('calibrated:native')).toBe(
      '--rates calibrated:native: this machine has no rates of native; npx dualc doctor --calibrate --backend native measures them',
    );
    const file = await saveCalibration(calibration);
    expect(file).toBe(calibrationFile('native'));
    expect(ratesFor('calibrated:native')).toEqual({
      name: 'calibrated:native',
      about: 'native, 2 threads, a processor, linux x64, 2026-11-30',
      rates: oddRates,
    });
    expect(ratesFor(file).rates).toEqual(oddRates);
  });

  it('refuses what it does not know', () => {
    expect(refusal('nativ')).toMatch(/there are wasm, native, calibrated:BACKEND, .*; did you mean native\?/);
    expect(refusal(path.join(place.folder, 'none.json'))).toContain('none.json');
  });

  it('refuses files of another version, and says what is wrong in them', async () => {
    const file = await saveCalibration(calibration);
    const write = (change: object): void => writeFileSync(file, JSON.stringify({ ...calibration, ...change }));
    write({ schema: 2 });
    expect(refusal('calibrated:native')).toMatch(/holds no rates of this version of dualc \(schema: /);
    write({ rates: { ...oddRates, copy: { ...oddRates.copy, perEntry: -1 } } });
    expect(refusal('calibrated:native')).toContain('rates.copy.perEntry');
    const { copy: _, ...fewer } = oddRates;
    write({ rates: fewer });
    expect(refusal('calibrated:native')).toContain('rates.copy');
    writeFileSync(file, '{');
    expect(refusal('calibrated:native')).toContain('doctor --calibrate');
  });

  it('is what explain predicts by, and says so', async () => {
    await saveCalibration(calibration);
    const byDefault = await place.dualc(['explain', 'net.arch.ts', '--schedule']);
    const asked = await place.dualc(['explain', 'net.arch.ts', '--schedule', '--rates', 'calibrated:native']);
    expect(byDefault.out).toContain('predicted, on one thread of WebAssembly (--rates wasm)');
    expect(asked.out).toContain(
      'predicted, on native, 2 threads, a processor, linux x64, 2026-11-30 (--rates calibrated:native)',
    );
    expect(asked.out.replaceAll(/predicted.*/g, '')).not.toBe(byDefault.out.replaceAll(/predicted.*/g, ''));
  });

  it('stands in the command at the head of a module; a calibration alone changes nothing', async () => {
    const compiled = async (...flags: string[]): Promise<string> => {
      const { code } = await place.dualc(['compile', 'net.arch.ts', '-o', 'net.dual.ts', ...flags]);
      expect(code).toBe(0);
      return readFileSync(path.join(place.folder, 'net.dual.ts'), 'utf8');
    };
    const before = await compiled();
    await saveCalibration(calibration);
    expect(await compiled()).toBe(before);
    expect(await compiled('--rates', 'calibrated:native')).toContain(
      'dualc compile net.arch.ts --rates calibrated:native',
    );
  });

  it('exits with 1 for a file that is none', async () => {
    mkdirSync(path.join(place.folder, 'rates.json'));
    expect(await place.dualc(['compile', 'net.arch.ts', '--rates', 'rates.json'])).toMatchObject({ code: 1 });
  });
});

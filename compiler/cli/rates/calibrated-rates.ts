/** Rates that `dualc doctor --calibrate` measured on a machine, as a file: in the cache folder, or wherever it was copied. */
import path from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../../runtime/errors.ts';
import { cacheFolder, type Environment } from '../../../runtime/files/cache-folder.ts';
import { fileKinds } from '../../../runtime/files/file-kinds.ts';
import { makeFolder } from '../../../runtime/files/folders.ts';
import { readText } from '../../../runtime/files/read-file.ts';
import { writeWholeFile } from '../../../runtime/files/write-file.ts';
import type { NamedRates, Rates } from '../../4-schedule/rates/rate.ts';
import { shippedRates } from '../../4-schedule/rates/shipped-rates.ts';

export interface Calibration {
  readonly schema: 1;
  readonly backend: string;
  readonly threads: number;
  /** When it was measured: `2026-11-30`. */
  readonly date: string;
  readonly dualc: string;
  readonly tfjs: string;
  /** Processor and system, for people. */
  readonly machine: string;
  readonly rates: Rates;
}

const rate = v.strictObject(
  Object.fromEntries(
    ['perDispatch', 'perMultiplyAdd', 'perEntry'].map(name => [name, v.pipe(v.number(), v.finite(), v.minValue(0))]),
  ),
);

/** The families of the rates that dualc ships: those of another version are refused. */
const schema = v.strictObject({
  schema: v.literal(1),
  backend: v.string(),
  threads: v.number(),
  date: v.string(),
  dualc: v.string(),
  tfjs: v.string(),
  machine: v.string(),
  rates: v.strictObject(Object.fromEntries(Object.keys(shippedRates.wasm.rates).map(family => [family, rate]))),
}) as unknown as v.GenericSchema<unknown, Calibration>;

export const calibrationFile = (backend: string, env: Environment = process.env): string =>
  path.join(cacheFolder(env), 'rates', `${backend}.json`);

/** Raises as `writeWholeFile` does. Returns where it was written. */
export async function saveCalibration(calibration: Calibration, env: Environment = process.env): Promise<string> {
  const file = calibrationFile(calibration.backend, env);
  await makeFolder(path.dirname(file));
  await writeWholeFile(file, `${JSON.stringify(calibration, null, 2)}\n`);
  return file;
}

/** @throws InputError for a file that is no calibration, or one of another version of dualc's operations */
export function readCalibration(file: string): Calibration {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), readText(file, fileKinds.rates));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const place = v.getDotPath(issue);
  throw new InputError(
    `${file} holds no rates of this version of dualc${place === null ? '' : ` (${place}: ${issue.message})`}: npx dualc doctor --calibrate measures them again`,
  );
}

/** What `--rates` says of itself in what is compiled with it. */
export function namedCalibration(name: string, { rates, ...facts }: Calibration): NamedRates {
  const threads = facts.threads === 1 ? '1 thread' : `${facts.threads} threads`;
  return { name, about: `${facts.backend}, ${threads}, ${facts.machine}, ${facts.date}`, rates };
}

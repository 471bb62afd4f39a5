/** `dualc doctor --calibrate`: how long single operations take on this machine, kept for `--rates`. */
import os from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { selectBackend } from '../../../runtime/backend/select-backend.ts';
import { version } from '../../version.ts';
import { type Calibration, saveCalibration } from '../rates/calibrated-rates.ts';
import { measureRates } from '../rates/measure-rates.ts';
import { showProgress } from '../show-progress.ts';

export interface Calibrated {
  readonly file: string;
  readonly calibration: Calibration;
}

/** Raises what `selectBackend` and `writeWholeFile` raise. */
export async function calibrate(backend: string | undefined): Promise<Calibrated> {
  const { name, threads } = await selectBackend({ prefer: backend, source: '--backend' });
  let progress: ReturnType<typeof showProgress> | undefined;
  const { rates } = await measureRates((done, total) => {
    progress ??= showProgress({ total, unit: 'operations', lineSeconds: 10 });
    progress.update(done, `on ${name}`);
  });
  progress?.stop();
  const calibration: Calibration = {
    schema: 1,
    backend: name,
    threads,
    date: new Date().toISOString().slice(0, 10),
    dualc: version,
    tfjs: tf.version_core,
    machine: `${os.cpus()[0]?.model.trim() ?? 'an unknown processor'}, ${process.platform} ${process.arch}`,
    rates,
  };
  return { file: await saveCalibration(calibration), calibration };
}

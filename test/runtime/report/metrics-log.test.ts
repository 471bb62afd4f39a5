import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../../runtime/errors.ts';
import { openMetricsLog } from '../../../runtime/report/metrics-log.ts';

let base: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-metrics-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('openMetricsLog', () => {
  it('appends lines and forgets those beyond the length it is opened at', async () => {
    const file = path.join(base, 'metrics.jsonl');
    const first = openMetricsLog(file, 0);
    first.write({ epoch: 1 });
    const length = first.flush();
    first.write({ epoch: 2 });
    first.close();
    const second = openMetricsLog(file, length);
    second.write({ epoch: 2, again: true });
    second.close();
    expect(await readFile(file, 'utf8')).toBe('{"epoch":1}\n{"epoch":2,"again":true}\n');
  });

  it('says when the file cannot be written', () => {
    expect(() => openMetricsLog(base, 0)).toThrow(InputError);
  });
});

import { execFileSync } from 'node:child_process';
import { appendFileSync, truncateSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EnvironmentError, InputError } from '../../../runtime/errors.ts';
import { openMetricsLog } from '../../../runtime/report/metrics-log.ts';
import { breakDisk, faults } from '../../support/faulty-disk.ts';

let base: string;
let file: string;
beforeEach(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'dualc-metrics-'));
  file = path.join(base, 'metrics.jsonl');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(base, { recursive: true, force: true });
});

describe('openMetricsLog', () => {
  it('appends lines and forgets those beyond the length it is opened at', async () => {
    const first = openMetricsLog(file, 0);
    first.write({ epoch: 1 });
    const length = first.flush();
    first.write({ epoch: 2 });
    first.close();
    // What a kill in the middle of a line leaves.
    appendFileSync(file, '{"epoch":');
    const second = openMetricsLog(file, length);
    expect(second.lost).toBe(0);
    second.write({ epoch: 2, again: true });
    second.close();
    expect(await readFile(file, 'utf8')).toBe('{"epoch":1}\n{"epoch":2,"again":true}\n');
  });

  it.each([
    ['{"epoch":1}\n{"epo', '{"epoch":1}\n', 28],
    ['{"epo', '', 40],
    ['', '', 40],
  ])('keeps the whole lines of %j where 40 bytes should be, and counts the rest', async (held, kept, lost) => {
    await writeFile(file, held);
    const log = openMetricsLog(file, 40);
    expect(log.lost).toBe(lost);
    log.write({ epoch: 4 });
    expect(log.flush()).toBe(kept.length + 12);
    log.close();
    expect(await readFile(file, 'utf8')).toBe(`${kept}{"epoch":4}\n`);
  });

  it('says when the file cannot be written', () => {
    expect(() => openMetricsLog(base, 0)).toThrow(InputError);
    execFileSync('mkfifo', [file]);
    expect(() => openMetricsLog(file, 0)).toThrow(/a pipe, not a regular file/);
    expect(() => openMetricsLog(path.join(base, 'absent/x'), 0)).toThrow(InputError);
  });
});

describe('a line that cannot be written whole', () => {
  it('is taken back', async () => {
    breakDisk(faults(18)['is full']!);
    const log = openMetricsLog(file, 0);
    log.write({ epoch: 1 });
    expect(() => log.write({ epoch: 2 })).toThrow(EnvironmentError);
    expect(() => log.write({ epoch: 3 })).toThrow(
      /^the disk is full: .*metrics.jsonl could not be written, 12 of its 12 bytes/,
    );
    expect(log.flush()).toBe(12);
    log.close();
    expect(await readFile(file, 'utf8')).toBe('{"epoch":1}\n');
  });

  it.each([
    ['claims to have written what it has not', /6 of the 24 bytes written to .*metrics.jsonl are missing/],
    [
      'holds another byte than it was given',
      /metrics.jsonl does not hold what was written to it, from byte 18 of 24 on/,
    ],
    ['fails when it is flushed', /metrics.jsonl could not be written: the disk says EIO/],
  ])('is found by the flush when the disk %s', (name, message) => {
    breakDisk(faults(18)[name]!);
    const log = openMetricsLog(file, 0);
    log.write({ epoch: 1 });
    log.write({ epoch: 2 });
    expect(() => log.flush()).toThrow(EnvironmentError);
    expect(() => log.flush()).toThrow(message);
    log.close();
  });

  it('is found by the flush when something else writes to the file', () => {
    const log = openMetricsLog(file, 0);
    log.write({ epoch: 1 });
    log.flush();
    appendFileSync(file, 'x');
    expect(() => log.flush()).toThrow(/metrics.jsonl has 1 bytes more than were written to it: something else writes/);
    truncateSync(file, 5);
    expect(() => log.flush()).toThrow(/7 of the 12 bytes written to .*metrics.jsonl are missing/);
    log.close();
  });
});

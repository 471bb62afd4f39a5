/**
 * How time and memory grow with depth: the Deep(k) networks of the paper (Appendix F), with intervals and with sketches. Run `npm run bench:deep
 * -- [--most 8] [--backend native]` after `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { BackendBench, BenchReport, BenchRow } from '../compiler/cli/bench/bench-report.ts';
import { printBytes } from '../runtime/report/print-bytes.ts';
import { deepPaper } from '../test/support/module-size.ts';

const { values } = parseArgs({
  options: { most: { type: 'string', default: '8' }, backend: { type: 'string', default: 'wasm' } },
});

const measured: readonly (readonly [title: string, what: string, strategy: string])[] = [
  ['bounds, interval', 'bounds', 'interval'],
  ['step, interval', 'train', 'interval'],
  ['step, sketch', 'train', 'sketch'],
];

const folder = mkdtempSync(path.join(os.tmpdir(), 'dualc-deep-'));
try {
  const table = new Table({
    head: ['network', 'layers', ...measured.flatMap(([title]) => [`${title}, ms`, 'peak'])],
    colAligns: ['left', 'right', ...measured.flatMap(() => ['right', 'right'] as const)],
    style: { head: [], border: [] },
  });
  for (let k = 1; k <= Number(values.most); k++) {
    const file = path.join(folder, 'deep.arch.ts');
    writeFileSync(file, deepPaper(k));
    const rows = rowsOf(file);
    table.push([
      `Deep(${k})`,
      String(2 * k + 2),
      ...measured.flatMap(([, what, strategy]) => cells(rows, what, strategy)),
    ]);
  }
  console.log(`milliseconds for each of 8 examples, and the peak of the tensors of all\n${table.toString()}`);
} finally {
  rmSync(folder, { recursive: true });
}

function rowsOf(file: string): readonly BenchRow[] {
  const asked = ['--strategies', 'interval,sketch', '--batch', '8', '--backend', values.backend, '--json'];
  const ended = spawnSync(process.execPath, ['dist/compiler/cli/main.js', 'bench', file, ...asked], {
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'inherit'],
  });
  if (ended.status !== 0) throw new Error(`dualc bench ended with ${ended.status}`);
  return ((JSON.parse(ended.stdout) as BenchReport).backends[0] as BackendBench).rows;
}

function cells(rows: readonly BenchRow[], what: string, strategy: string): [string, string] {
  const row = rows.find(each => each.what === what && each.strategy === strategy);
  if (row === undefined || row.msPerExample === null || row.peakBytes === null)
    return [row?.refused ?? 'not there', ''];
  return [row.msPerExample.median.toPrecision(3), printBytes(row.peakBytes)];
}

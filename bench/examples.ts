/**
 * `dualc bench` over all examples: `npm run bench -- [options of dualc bench]`, after `npm run build`. Tables and JSON go to `runs/bench`; what
 * is printed last is how far the plans of memory and the predicted times are from what was measured.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Table from 'cli-table3';
import { type BenchReport, type BenchRow, quotient } from '../compiler/cli/bench/bench-report.ts';
import { benchTable } from '../compiler/cli/bench/bench-table.ts';
import { spreadOf } from '../runtime/bench/spread.ts';

const folder = 'runs/bench';
const given = process.argv.slice(2);
const options = given.includes('--backend') ? given : ['--backend', 'all', ...given];
mkdirSync(folder, { recursive: true });

const summary = new Table({
  head: ['', 'rows', 'peak ÷ planned', '0.7 to 1.1', 'predicted ÷ measured', '0.7 to 1.3'],
  colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
  style: { head: [], border: [], compact: true },
});
for (const file of readdirSync('examples').filter(name => name.endsWith('.arch.ts'))) {
  console.error(`\n${file}`);
  const { status, stdout } = spawnSync(
    process.execPath,
    ['dist/compiler/cli/main.js', 'bench', path.join('examples', file), '--json', ...options],
    { encoding: 'utf8', stdio: ['inherit', 'pipe', 'inherit'], maxBuffer: 2 ** 28 },
  );
  if (stdout === '') {
    summary.push([file, `not measured: ended with ${status}`, '', '', '', '']);
    continue;
  }
  const report = JSON.parse(stdout) as BenchReport;
  const name = path.join(folder, file.replace('.arch.ts', ''));
  writeFileSync(`${name}.json`, stdout);
  writeFileSync(`${name}.txt`, `${benchTable(report)}\n`);
  for (const backend of report.backends) {
    if ('problem' in backend) continue;
    const peaks = backend.rows.map(row => quotient(row.peakBytes, row.plannedBytes));
    const times = backend.rows.map(predictedOverMeasured);
    summary.push([
      `${file} on ${backend.name}`,
      String(backend.rows.filter(({ refused }) => refused === null).length),
      ...within(peaks, 0.7, 1.1),
      ...within(times, 0.7, 1.3),
    ]);
  }
  if (status === 130) break;
}
const text = summary.toString();
writeFileSync(path.join(folder, 'summary.txt'), `${text}\n`);
console.log(text);

function predictedOverMeasured({ predictedMsPerExample, msPerExample }: BenchRow): number | null {
  return quotient(predictedMsPerExample, msPerExample?.median);
}

/** The least, the middle and the largest quotient, and how many lie between the limits. */
function within(all: readonly (number | null)[], least: number, most: number): [string, string] {
  const known = all.filter(value => value !== null);
  if (known.length === 0) return ['', ''];
  const { min, median, max } = spreadOf(known);
  const inside = known.filter(value => least <= value && value <= most);
  return [[min, median, max].map(value => value.toFixed(2)).join(' / '), `${inside.length} of ${known.length}`];
}

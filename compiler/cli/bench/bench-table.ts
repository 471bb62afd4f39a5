/** A bench for people: a table for each backend. */
import Table from 'cli-table3';
import { counted } from '../../../runtime/report/counted.ts';
import { printBytes } from '../../../runtime/report/print-bytes.ts';
import { type BackendBench, type BenchReport, type BenchRow, quotient } from './bench-report.ts';

const columns = [
  ['', 'left'],
  ['bounds', 'left'],
  ['batch', 'right'],
  ['ms per example', 'right'],
  ['min', 'right'],
  ['max', 'right'],
  ['predicted', 'right'],
  ['÷ measured', 'right'],
  ['GFLOP/s', 'right'],
  ['of matMul', 'right'],
  ['peak', 'right'],
  ['planned', 'right'],
  ['peak ÷ planned', 'right'],
  ['not measured, because it', 'left'],
] as const;

export function benchTable(report: BenchReport): string {
  const { architecture, dualc, norm, epsilon, weights, images, rounds, clock, cores, complete } = report;
  const head = [
    `${architecture}, dualc ${dualc}, ${norm} epsilon ${epsilon}; ${weights}; ${images}`,
    `${counted(rounds, 'round')}, each of them all rows once, ${clock} time; ${counted(cores, 'core')}. Compare what stands in one table: another run finds another machine.`,
    ...(complete ? [] : ['interrupted: fewer rounds than were asked for']),
  ];
  const tables = report.backends.map(backend =>
    'problem' in backend ? `${backend.name}: ${backend.problem}` : backendTable(backend),
  );
  return [...head, ...tables].join('\n');
}

function backendTable({ name, reason, matMul, rows }: BackendBench): string {
  const table = new Table({
    head: columns.map(([title]) => title),
    colAligns: columns.map(([, side]) => side),
    style: { head: [], border: [], compact: true },
  });
  for (const row of rows) table.push(cellsOf(row));
  const speed =
    matMul === null
      ? 'its product of matrices was not timed'
      : `its product of two ${matMul.size} × ${matMul.size} matrices: ${digits(matMul.gflops.median)} GFLOP/s (${digits(matMul.gflops.min)} to ${digits(matMul.gflops.max)})`;
  return `${name}: ${reason}; ${speed}\n${table.toString()}`;
}

function cellsOf(row: BenchRow): string[] {
  const { msPerExample: ms, plannedBytes } = row;
  return [
    row.what,
    row.strategy ?? '',
    String(row.batch),
    ...[ms?.median, ms?.min, ms?.max, row.predictedMsPerExample].map(digits),
    digits(quotient(row.predictedMsPerExample, ms?.median)),
    digits(row.gflops),
    row.shareOfMatMul === null ? '' : `${(100 * row.shareOfMatMul).toFixed(0)} %`,
    row.peakBytes === null ? '' : printBytes(row.peakBytes),
    printBytes(plannedBytes),
    quotient(row.peakBytes, plannedBytes)?.toFixed(2) ?? '',
    row.refused ?? '',
  ];
}

/** Three of them; nothing where there is no number. */
function digits(value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  return value >= 99.95 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

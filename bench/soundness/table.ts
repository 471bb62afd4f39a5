/** The tally of a run as tables for people. */
import type Table from 'cli-table3';
import { plainTable } from '../../runtime/report/certification-report.ts';
import { allCells, balls, nameOf, ways, whyImpossible } from '../../test/soundness/coverage.ts';
import type { Counts, Tally } from '../../test/soundness/tally.ts';

export interface RunFacts {
  readonly tally: Tally;
  readonly seed: number;
  readonly code: string;
  /** Of all workers together. */
  readonly seconds: number;
}

export function soundnessTable({ tally, seed, code, seconds }: RunFacts): string {
  const table: Table.Table = plainTable();
  table.push(
    ['seed', String(seed)],
    ['code', code],
    ['networks', whole(tally.networks)],
    ['examples', whole(tally.examples)],
    ['networks by ball', listed(tally.balls)],
    ['layers by kind', listed(tally.layers)],
    ['bounds of a layer, by strategy', listed(tally.strategies)],
    ['numbers that bound', whole(tally.bounds)],
    ['points tried', whole(tally.points)],
    ['comparisons of a value with its bound', whole(tally.comparisons)],
    ['worst excess over a bound', share(tally.worstExcess)],
    ['worst difference of two exact schedules', share(tally.worstDifference)],
    ['seconds, all workers together', seconds.toFixed(0)],
  );
  return [table.toString(), ...balls.map(ball => coverageTable(tally.coverage, ball))].join('\n\n');
}

/** Bounds of a layer by what they were computed through: kinds of layers down, ways across. A dash where there can be none. */
function coverageTable(coverage: Counts, ball: (typeof balls)[number]): string {
  const table: Table.Table = plainTable();
  table.push([ball, ...ways]);
  const cells = allCells().filter(cell => cell.ball === ball);
  for (const kind of new Set(cells.map(cell => cell.kind))) {
    const own = cells.filter(cell => cell.kind === kind);
    table.push([kind, ...own.map(cell => (whyImpossible(cell) === null ? whole(coverage[nameOf(cell)] ?? 0) : '–'))]);
  }
  return table.toString();
}

const whole = (count: number): string => count.toLocaleString('en-US');

const listed = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${whole(count)}`)
    .join('\n');

const share = (value: number): string => `${(100 * value).toPrecision(2)} % of the allowed rounding`;

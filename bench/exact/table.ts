/** The tallies of an exact run, by family, for people. */
import type Table from 'cli-table3';
import { plainTable } from '../../runtime/report/certification-report.ts';
import { addTallies, type ExactTally, emptyTally } from '../../test/soundness/exact/exact-tally.ts';
import type { Answer } from './setting.ts';

const columns = [
  'family',
  'networks',
  'points',
  'float32 runs',
  'comparisons',
  'certified',
  'within 1 %',
  'failed',
  'false certificates',
  'worst J',
  'worst bound',
  'seconds',
] as const;

/** The last row is of all families. */
export function exactTable(answers: readonly Answer[]): string {
  const table: Table.Table = plainTable();
  table.push([...columns]);
  for (const family of new Set(answers.map(answer => answer.family)))
    table.push(
      row(
        family,
        answers.filter(answer => answer.family === family),
      ),
    );
  table.push(row('all', answers));
  return table.toString();
}

function row(name: string, answers: readonly Answer[]): string[] {
  const tally = answers.reduce((total, answer) => addTallies(total, answer.tally), emptyTally);
  const counts: readonly (keyof ExactTally)[] = [
    'networks',
    'points',
    'runs',
    'comparisons',
    'certified',
    'close',
    'failed',
    'refuted',
  ];
  return [
    name,
    ...counts.map(count => tally[count].toLocaleString('en-US')),
    ratio(tally.worstMargin),
    ratio(tally.worstBound),
    answers.reduce((total, { seconds }) => total + seconds, 0).toFixed(0),
  ];
}

/** In units of 2⁻²⁴ of the sizes that were added up; above 0 a claim is wrong. */
function ratio(value: number): string {
  if (Math.abs(value) === Number.MAX_VALUE) return value > 0 ? '∞' : 'none';
  return value.toPrecision(2);
}

/** The backends for people: one row each, the chosen one marked. */
import Table from 'cli-table3';
import type { SurveyedBackend } from './survey-backends.ts';

export function backendsTable(backends: readonly SurveyedBackend[]): string {
  const isMeasured = backends.some(({ speed }) => speed !== null);
  const table = new Table({
    head: ['', 'backend', 'threads', ...(isMeasured ? speeds.map(([head]) => head) : []), ''],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    colAligns: ['left', 'left', 'right', ...(isMeasured ? speeds.map(() => 'right' as const) : []), 'left'],
    colWidths: [null, null, null, ...(isMeasured ? speeds.map(() => null) : []), 60],
    wordWrap: true,
  });
  for (const backend of backends) {
    const { name, chosen, threads, speed } = backend;
    const figures = isMeasured ? speeds.map(([, figure]) => (speed === null ? '' : figure(speed))) : [];
    table.push([chosen ? '*' : '', name, threads === null ? '' : String(threads), ...figures, about(backend)]);
  }
  const legend = isMeasured ? '; speeds in GFLOP/s, an exact bound also in ms per digit for the small network' : '';
  return `${table.toString()}\n* computes${legend}`;
}

type Speed = NonNullable<SurveyedBackend['speed']>;

const speeds: readonly (readonly [string, (speed: Speed) => string])[] = [
  ['matMul', ({ matMul }) => figureOf(matMul)],
  ['conv2d', ({ conv2d }) => figureOf(conv2d)],
  ['transposed', ({ transposedConv2d }) => figureOf(transposedConv2d)],
  [
    'exact bound',
    ({ exactBound, exactMillisecondsPerExample }) =>
      `${figureOf(exactBound)} (${figureOf(exactMillisecondsPerExample)} ms)`,
  ],
];

const figureOf = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(2));

function about({ loads, about, command }: SurveyedBackend): string {
  return loads || command === null ? about : `${about}\n→ ${command}`;
}

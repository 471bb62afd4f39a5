/** What `dualc explain` prints. */

import Table from 'cli-table3';
import { InputError } from '../../runtime/errors.ts';
import { counted } from '../../runtime/report/counted.ts';
import { roundedProbability } from '../../runtime/report/probability-report.ts';
import type { Settings } from '../1-frontend/apply-settings.ts';
import type { LayerGraph } from '../2-graph/layer.ts';
import { printNormalised } from '../2-graph/normalise/normalise.ts';
import { printGraph } from '../2-graph/print-graph.ts';
import { printDual } from '../3-dual/print-dual.ts';
import { provesSomething } from '../4-schedule/check-plan.ts';
import { type Plan, type Probability, printStrategy } from '../4-schedule/plan.ts';
import { printTime, withUnit } from '../4-schedule/print-plan.ts';
import type { NamedRates } from '../4-schedule/rates/rate.ts';
import { compileArchitecture } from '../compile.ts';
import { diagnosticCodes, explainCode } from '../diagnostics/catalog.ts';
import { nearestName } from '../diagnostics/did-you-mean.ts';
import { type CompileOptions, defaultOptions } from '../options.ts';
import { silentTrace } from '../shared/trace.ts';
import { sayDiagnostics } from './say-diagnostics.ts';

export function explainDiagnostic(code: string): string {
  const text = explainCode(code);
  if (text === null) {
    const near = nearestName(code, diagnosticCodes);
    const hint = near === null ? '' : `; did you mean '${near}'?`;
    throw new InputError(`${code} is neither an architecture file nor the code of a diagnostic${hint}`);
  }
  return `${text.trimEnd()}\n`;
}

export interface Shown {
  readonly graph: boolean;
  readonly dual: boolean;
  readonly schedule: boolean;
}

export function explainArchitecture(
  path: string,
  options: Partial<CompileOptions>,
  shown: Shown,
  settings: Settings = {},
): string {
  const { graph, rewritings, dual, schedule, meta, warnings } = compileArchitecture(path, options, silentTrace, {
    settings,
  });
  sayDiagnostics(warnings);
  const { rates } = { ...defaultOptions, ...options };
  const parts: string[] = [];
  if (shown.graph) {
    parts.push(`GRAPH\n\n${printGraph({ ...graph, ball: dual.graph.ball })}`);
    if (rewritings.length > 0) parts.push(normalised(dual.graph, rewritings));
  }
  if (shown.dual) parts.push(`DUAL NETWORK\n\n${printDual(dual)}`);
  if (shown.schedule) {
    parts.push(
      `SCHEDULE TO CERTIFY (${holds(schedule.certify)})\n\n${planTable(schedule.certify, rates)}\npeak of its tensors: ${memory(meta.certify)}\n`,
    );
    parts.push(
      `SCHEDULE TO TRAIN (${holds(schedule.train)})\n\n${planTable(schedule.train, rates)}\npeak of its tensors: ${memory(meta.train)}\n`,
    );
  }
  return parts.join('\n');
}

const normalised = (graph: LayerGraph, rewritings: readonly string[]): string =>
  `THE SAME IN FEWER LAYERS\n\n${printNormalised({ graph, changes: rewritings })}`;

function holds(plan: Plan): string {
  if (!provesSomething(plan)) return 'estimates: it trains, it proves nothing';
  if (plan.probability !== null) return holdsWithProbability(plan.probability);
  return plan.arithmetic.kind === 'float32'
    ? 'exact: every bound is proved, for real numbers and for float32'
    : 'exact, rounding left out: it trains, it proves nothing';
}

const holdsWithProbability = ({ delta, estimates, tail }: Probability): string =>
  `with probability ${roundedProbability(delta)}: ${counted(estimates, 'estimate')} for each example, enlarged by ${(1 / (1 - tail)).toFixed(3)}`;

const memory = ({ fixedBytes, bytesPerExample }: { fixedBytes: number; bytesPerExample: number }): string =>
  `${withUnit(fixedBytes)}B + ${withUnit(bytesPerExample)}B per example`;

/** One row for what was chosen, one for each alternative. */
function planTable(plan: Plan, { name, about }: NamedRates): string {
  const table = new Table({
    head: ['bound', '', 'strategy', 'MAC', 'time', 'bytes', 'why'],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'left'],
    colWidths: [null, null, null, null, null, null, 60],
    wordWrap: true,
  });
  for (const choice of plan.choices) {
    table.push([
      choice.bound,
      '*',
      printStrategy(choice.strategy),
      withUnit(choice.macs),
      printTime(choice.milliseconds),
      withUnit(choice.bytesPerExample),
      choice.why,
    ]);
    for (const other of choice.alternatives) {
      table.push([
        '',
        '',
        printStrategy(other.strategy),
        withUnit(other.macs),
        printTime(other.milliseconds),
        withUnit(other.bytesPerExample),
        other.why,
      ]);
    }
  }
  return `${table.toString()}\n* chosen; multiply-adds, time and bytes are per example; the time is predicted, on ${about} (--rates ${name})\n`;
}

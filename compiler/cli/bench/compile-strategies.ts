/** Compiles one module for each strategy that is measured, and says what each of its functions will cost. */
import type { RobustModel } from '../../../runtime/contract.ts';
import type { LayerGraph } from '../../2-graph/layer.ts';
import { normalise } from '../../2-graph/normalise/normalise.ts';
import { buildDual } from '../../3-dual/build-dual.ts';
import { type Plan, printStrategy } from '../../4-schedule/plan.ts';
import type { Rates } from '../../4-schedule/rates/rate.ts';
import { type Compiled, compileGraph } from '../../compile-graph.ts';
import type { CompileOptions } from '../../options.ts';
import type { ProgramName } from '../../programs.ts';
import { silentTrace } from '../../shared/trace.ts';
import type { Measured } from './bench-report.ts';
import { type Prediction, predict } from './predict.ts';
import { type ChosenStrategies, requestsToCertify, requestsToTrain } from './strategies.ts';

/** One function of one module on one batch. */
export interface Subject {
  readonly what: Measured;
  readonly strategy: string | null;
  readonly batch: number;
  readonly schedule: readonly string[];
  readonly model: RobustModel;
  readonly program: ProgramName | 'bounds';
  readonly prediction: Prediction;
  /** For the rows that its loops took in a call: `hearTurns`. */
  readonly predictionOf: (turns: readonly number[]) => Prediction;
  /** The strategy that makes the same schedule and is measured already; null for a schedule of its own. */
  readonly sameAs: string | null;
}

export interface CompileSetting {
  readonly options: CompileOptions;
  readonly batches: readonly number[];
  /** What predicted times are made of. */
  readonly rates: Rates;
  readonly importCode: (code: string) => Promise<RobustModel>;
  /** After each module. */
  readonly onModule: (done: number, total: number) => void;
}

interface Named<Strategy> {
  readonly strategy: Strategy;
  readonly compiled: Compiled;
  readonly model: RobustModel;
}

/** In the order of the table. A module holds a schedule of either kind, so the two lists are compiled in pairs. */
export async function compileStrategies(
  graph: LayerGraph,
  chosen: ChosenStrategies,
  { options, batches, rates, importCode, onModule }: CompileSetting,
): Promise<Subject[]> {
  const dual = buildDual(normalise(graph).graph);
  const count = Math.max(1, chosen.certifying.length, chosen.training.length);
  const modules: { readonly compiled: Compiled; readonly model: RobustModel }[] = [];
  for (let index = 0; index < count; index++) {
    const [toCertify, toTrain] = [chosen.certifying[index], chosen.training[index]];
    const requests = [
      ...(toCertify === undefined ? [] : requestsToCertify(toCertify, dual)),
      ...(toTrain === undefined ? [] : requestsToTrain(toTrain)),
    ];
    const compiled = compileGraph(graph, { ...options, requests }, silentTrace);
    modules.push({ compiled, model: await importCode(compiled.code) });
    onModule(index + 1, count);
  }
  const named = <Strategy>(list: readonly Strategy[]): Named<Strategy>[] =>
    list.flatMap((strategy, index) => {
      const module = modules[index];
      return module === undefined ? [] : [{ strategy, ...module }];
    });
  const first = modules.slice(0, 1).map(module => ({ strategy: null, ...module }));
  const certify = named(chosen.certifying);
  return [
    ...rowsOf('forward', first, () => 'forward', null),
    ...rowsOf('bounds', certify, () => 'bounds', 'certify'),
    ...rowsOf('certify', certify, () => 'certificate', 'certify'),
    ...rowsOf('train', named(chosen.training), name => (name === 'natural' ? 'naturalLoss' : 'robustLoss'), 'train'),
  ];

  function rowsOf<Strategy extends string | null>(
    what: Measured,
    list: readonly Named<Strategy>[],
    programOf: (strategy: Strategy) => ProgramName | 'bounds',
    purpose: 'certify' | 'train' | null,
  ): Subject[] {
    const seen = new Map<string, string>();
    return list.flatMap(({ strategy, compiled, model }) => {
      const program = programOf(strategy);
      // The natural loss has no bounds, whatever the module's schedule.
      const isBounded = purpose !== null && program !== 'naturalLoss';
      const schedule = isBounded ? printed(compiled.schedule[purpose]) : [];
      const key = isBounded ? schedule.join('; ') : `${strategy}`;
      const sameAs = seen.get(key) ?? null;
      if (strategy !== null && sameAs === null) seen.set(key, strategy);
      return batches.map(
        (batch): Subject => ({
          what,
          strategy,
          batch,
          schedule,
          model,
          program,
          prediction: predict(compiled, program, batch, rates),
          predictionOf: turns => predict(compiled, program, batch, rates, turns),
          sameAs,
        }),
      );
    });
  }
}

const printed = ({ choices }: Plan): string[] =>
  choices.map(({ bound, strategy }) => `${bound}: ${printStrategy(strategy)}`);

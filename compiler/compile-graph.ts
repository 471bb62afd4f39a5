/** Layer graph → module text: dual, schedule, programs, passes, emission, in this order, each verified and recorded. */
import type { ModelMeta } from '../runtime/contract.ts';
import type { LayerGraph } from './2-graph/layer.ts';
import { normalise, printNormalised } from './2-graph/normalise/normalise.ts';
import { buildDual } from './3-dual/build-dual.ts';
import { checkDual } from './3-dual/check-dual.ts';
import type { DualNetwork } from './3-dual/dual.ts';
import { printDual } from './3-dual/print-dual.ts';
import { checkPlan } from './4-schedule/check-plan.ts';
import { chooseSchedule } from './4-schedule/choose.ts';
import type { Schedule } from './4-schedule/plan.ts';
import { printPlan } from './4-schedule/print-plan.ts';
import { printRoundings } from './4-schedule/print-roundings.ts';
import { checkProgram } from './5-program/check-program.ts';
import { convolvedLayers } from './5-program/convolved-layers.ts';
import type { MemorySize } from './5-program/memory-size.ts';
import { printProgram } from './5-program/print-program.ts';
import type { TensorProgram } from './5-program/tensor-program.ts';
import { shareParts } from './6-passes/alike.ts';
import { defaultLargeSizes, liveness } from './6-passes/liveness.ts';
import { peakMemory } from './6-passes/memory-model.ts';
import { neededSections } from './6-passes/needed-sections.ts';
import type { Pass } from './6-passes/pass.ts';
import { passList } from './6-passes/pass-list.ts';
import { printLiveness } from './6-passes/print-liveness.ts';
import { runPasses } from './6-passes/run-passes.ts';
import { buildMeta } from './7-emit/build-meta.ts';
import { buildView } from './7-emit/build-view.ts';
import type { EmittedProgram } from './7-emit/exported-function.ts';
import { renderModule } from './7-emit/render-module.ts';
import { candidateCosts } from './candidate-cost.ts';
import type { CompileOptions } from './options.ts';
import { boundsIn, drawingFunctions, type ProgramName, type Programs, programRows } from './programs.ts';
import { found } from './shared/assert.ts';
import { mapRecord } from './shared/map-record.ts';
import type { Trace } from './shared/trace.ts';
import { version } from './version.ts';

export interface Compiled {
  /** What was written more simply than the file has it, one line each. */
  readonly rewritings: readonly string[];
  readonly dual: DualNetwork;
  readonly schedule: Schedule;
  readonly programs: Programs;
  readonly meta: ModelMeta;
  /** Peak of the tensors of a program, or of the part of the certificate that computes bounds, where it is the largest for such a batch. */
  readonly peakOf: (program: ProgramName | 'bounds', batch: number) => MemorySize;
  /** The emitted module. */
  readonly code: string;
}

/** Throws `BoundsRequestError` when the options ask for a bound that cannot be. */
export function compileGraph(source: LayerGraph, options: CompileOptions, trace: Trace): Compiled {
  const written: LayerGraph = options.ball === null ? source : { ...source, ball: options.ball };
  const normalised = normalise(written);
  const { graph } = normalised;
  trace.record('25-normalised.txt', () => printNormalised(normalised));
  const dual = buildDual(graph);
  checkDual(dual);
  trace.record('30-dual.txt', () => printDual(dual));
  const schedule = chooseSchedule(dual, options, candidateCosts(dual, options.rates.rates));
  for (const plan of [schedule.certify, schedule.train]) {
    checkPlan(plan, dual);
    trace.record(`40-plan-${plan.purpose}.txt`, () => printPlan(plan));
  }
  trace.record('45-roundings.txt', () => printRoundings(schedule.certify.arithmetic));
  const lowered = (program: TensorProgram, ...first: readonly Pass[]): TensorProgram => {
    checkProgram(program);
    trace.record(`50-${program.name}.txt`, () => printProgram(program));
    let step = 0;
    const final = runPasses(program, [...first, ...passList], (pass, state) => {
      const number = `${60 + step++}`;
      trace.record(`${number}-${program.name}-${pass}.txt`, () => printProgram(state));
    });
    return final;
  };
  const programs: Programs = mapRecord(programRows, ({ lower, passes }) =>
    lowered(lower({ graph, dual, schedule }), ...passes),
  );
  const shared = shareParts(Object.values(programs));
  const emitted = mapRecord(programRows, (row, name): EmittedProgram => {
    const program = found(
      shared.programs.find(each => each.name === name),
      name,
    );
    const plan = liveness(program, defaultLargeSizes, shared.forOthers.get(name));
    trace.record(`70-${name}-outlined.txt`, () => printProgram(program));
    trace.record(`70-${name}-liveness.txt`, () => printLiveness(plan));
    return { ...row, program, plan, schedule: row.bounds === null ? null : schedule[row.bounds] };
  });
  const peakOf: Compiled['peakOf'] = (name, batch) => {
    const { program, plan } = emitted[name === 'bounds' ? 'certificate' : name];
    return peakMemory(program, name === 'bounds' ? neededSections(plan, boundsIn(program)) : plan, batch);
  };
  const meta = buildMeta({
    written,
    dual,
    certify: schedule.certify,
    train: schedule.train,
    certifyMemory: peakOf('certificate', options.certifyBatch),
    trainMemory: peakOf('robustLoss', options.trainBatch),
    convolutions: convolvedLayers(programs.certificate),
    draws: drawingFunctions(programs),
    compiler: version,
  });
  const code = renderModule(buildView(graph, schedule, Object.values(emitted), meta, options));
  trace.record(`80-module.${options.language}`, () => code);
  return { rewritings: normalised.changes, dual, schedule, programs, meta, peakOf, code };
}

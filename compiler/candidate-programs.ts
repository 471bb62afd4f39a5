/**
 * The programs of candidates, after all passes. Those of one bound are kept for as long as it is weighed: they come again, and those of
 * sparse rows often with another `atMost` only.
 */
import type { Bound, DualNetwork } from './3-dual/dual.ts';
import type { Arithmetic, SingleStrategy } from './4-schedule/plan.ts';
import { candidateLowering, type LowerCandidate } from './5-program/lower-candidate.ts';
import type { TensorProgram } from './5-program/tensor-program.ts';
import { passList } from './6-passes/pass-list.ts';

export type CandidateProgram = (bound: Bound, strategy: SingleStrategy, arithmetic: Arithmetic) => TensorProgram;

export function candidatePrograms(dual: DualNetwork): CandidateProgram {
  const lowerings = new Map<Arithmetic, LowerCandidate>();
  const lower: CandidateProgram = (bound, strategy, arithmetic) => {
    const lowering = lowerings.get(arithmetic) ?? candidateLowering(dual, arithmetic);
    lowerings.set(arithmetic, lowering);
    return lowering(bound, strategy);
  };
  const lowered = keptForOneBound(lower);
  const finished = keptForOneBound((bound, strategy, arithmetic) => {
    const program =
      strategy.kind === 'sparse'
        ? withAtMost(lowered(bound, { ...strategy, atMost: strategy.size }, arithmetic), strategy.atMost)
        : lower(bound, strategy, arithmetic);
    return passList.reduce((state, pass) => pass.run(state), program);
  });
  return (bound, strategy, arithmetic) => {
    if (strategy.kind !== 'sparse') return finished(bound, strategy, arithmetic);
    const { size, atMost } = strategy;
    // The passes ask only whether the loop takes any turn.
    return withAtMost(finished(bound, { ...strategy, atMost: atMost === 0 ? 0 : size }, arithmetic), atMost);
  };
}

/** `atMost` is an attribute of the loops over rows that are asked for; nothing else of a program goes by it. */
const withAtMost = (program: TensorProgram, atMost: number): TensorProgram => ({
  ...program,
  body: program.body.map(instr => ('atMost' in instr.op ? { ...instr, op: { ...instr.op, atMost } } : instr)),
});

function keptForOneBound(make: CandidateProgram): CandidateProgram {
  let weighed: { readonly bound: Bound; readonly arithmetic: Arithmetic } | null = null;
  const programs = new Map<string, TensorProgram>();
  return (bound, strategy, arithmetic) => {
    if (weighed?.bound !== bound || weighed.arithmetic !== arithmetic) programs.clear();
    weighed = { bound, arithmetic };
    const key = JSON.stringify(strategy);
    const program = programs.get(key) ?? make(bound, strategy, arithmetic);
    programs.set(key, program);
    return program;
  };
}

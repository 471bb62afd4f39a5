/** The state of one reading: where problems go, what was built, how much work is left. */
import { diagnose } from '../../diagnostics/catalog.ts';
import type { LabelledSpan } from '../../diagnostics/diagnostic.ts';
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { AnyDefinition } from '../../layers/word.ts';
import type { SourceSpan } from '../../shared/span.ts';
import { type CallId, callId, type LayerCall } from '../arch-ast.ts';
import { nameProblem } from '../layer-name.ts';
import { readLayerCall } from '../read-layer-call.ts';
import type { Argument, LayerValue, Value } from '../value.ts';

/** Ends the evaluation after the limit was reported. */
export class WorkLimitReached extends Error {
  override readonly name = 'WorkLimitReached';
}

export interface Limits {
  /** Expressions, statements and copied elements. */
  readonly steps: number;
  readonly layers: number;
  /** Calls of functions of the file, one inside another. */
  readonly nestedCalls: number;
}

export const usualLimits: Limits = { steps: 1_000_000, layers: 10_000, nestedCalls: 200 };

export interface Machine {
  readonly reporter: Reporter;
  readonly limits: Limits;
  readonly calls: LayerCall[];
  /** The first `const` of each layer. */
  readonly boundTo: Map<CallId, string>;
  /** Places of the calls of the file's functions that are under way, outermost first. */
  readonly callers: SourceSpan[];
  stepsLeft: number;
  /** The innermost loop under way. */
  loop: SourceSpan | null;
  /** An imported file is being read. */
  inImport: boolean;
}

export function createMachine(reporter: Reporter, limits: Limits): Machine {
  const stepsLeft = limits.steps;
  return { reporter, limits, calls: [], boundTo: new Map(), callers: [], stepsLeft, loop: null, inImport: false };
}

/** Counts work; throws `WorkLimitReached` when there is too much of it. */
export function work(machine: Machine, span: SourceSpan, steps = 1): void {
  machine.stepsLeft -= steps;
  if (machine.stepsLeft < 0) stop(machine, machine.loop ?? span, `it took more than ${machine.limits.steps} steps`);
}

export function stop(machine: Machine, span: SourceSpan, what: string): never {
  machine.reporter.report(diagnose('work-limit', { what }, span));
  throw new WorkLimitReached(what);
}

/** Where the running function was called, as a note; null at the top level. */
export function callerNote(machine: Machine): LabelledSpan | null {
  const span = machine.callers.at(-1);
  return span === undefined ? null : { span, label: 'in this call' };
}

export function recordLayer(
  machine: Machine,
  of: AnyDefinition,
  parameters: readonly Argument[],
  span: SourceSpan,
): LayerValue {
  const id = callId(machine.calls.length);
  if (id >= machine.limits.layers)
    stop(machine, machine.loop ?? span, `it built more than ${machine.limits.layers} layers`);
  const read = readLayerCall(of, parameters, span, machine.reporter);
  const calledFrom = machine.callers.at(-1) ?? null;
  machine.calls.push({ ...read, id, boundTo: null, calledFrom, imported: machine.inImport } as LayerCall);
  return { kind: 'layer', id };
}

/** A `const` names the layer that it is bound to, unless an earlier one did, or its own name does not suit a layer: `größe`, `$x`. */
export function nameAfterConst(machine: Machine, name: string, value: Value): void {
  if (typeof value !== 'object' || value?.kind !== 'layer' || machine.boundTo.has(value.id)) return;
  if (nameProblem(name) === null) machine.boundTo.set(value.id, name);
}

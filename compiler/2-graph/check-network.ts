/** The network as a whole: does its output depend on its input, are there logits, does the ball fit the data. */

import type { CallId, CallOf, LayerCall, NetworkCall } from '../1-frontend/arch-ast.ts';
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { ResolvedLayer } from './resolve-layer.ts';

/** The calls that a layer depends on, itself included. */
export function neededBy(output: CallId, calls: readonly LayerCall[]): ReadonlySet<CallId> {
  const needed = new Set<CallId>();
  const waiting: CallId[] = [output];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (needed.has(id)) continue;
    needed.add(id);
    for (const operand of calls[id]?.operands ?? []) if (operand.id !== null) waiting.push(operand.id);
  }
  return needed;
}

/** Reports what is wrong with the ends of the network. */
export function checkEnds(
  network: NetworkCall,
  calls: readonly LayerCall[],
  resolved: ReadonlyMap<CallId, ResolvedLayer>,
  reporter: Reporter,
): void {
  const input = network.input?.id == null ? undefined : calls[network.input.id];
  const output = network.output?.id == null ? undefined : calls[network.output.id];
  if (input !== undefined && input.kind !== 'input' && network.input) {
    const note = { span: input.span, label: 'made here' };
    reporter.report(diagnose('network-input', { found: `${input.kind}()` }, network.input.span, [note]));
  } else if (input !== undefined && output !== undefined && network.output) {
    checkReached(network.output.span, input, output, calls, reporter);
  }
  const shape = output && resolved.get(output.id)?.shape;
  if (shape && network.output && (shape.length !== 1 || shape[0]! < 2)) {
    const note = output && { span: output.span, label: 'made here' };
    reporter.report(diagnose('output-not-logits', { shape }, network.output.span, [note]));
  }
}

function checkReached(
  span: LayerCall['span'],
  input: LayerCall,
  output: LayerCall,
  calls: readonly LayerCall[],
  reporter: Reporter,
): void {
  const needed = neededBy(output.id, calls);
  // An operand that is unknown after an error may have led to the input.
  if (calls.some(({ id, operands }) => needed.has(id) && operands.some(operand => operand.id === null))) return;
  const reached = needed.has(input.id);
  const other = calls.find(({ id, kind }) => kind === 'input' && needed.has(id) && id !== input.id);
  const notes = [{ span: input.span, label: 'the input of the network' }];
  if (other) notes.push({ span: other.span, label: 'another input, which the output depends on' });
  if (!reached) reporter.report(diagnose('output-not-reached', {}, span, notes));
  else if (other) reporter.report(diagnose('second-input', {}, span, notes));
}

/** Reports a ball that does not fit the range that the input declares. */
export function checkBall({ ball: located }: NetworkCall, input: LayerCall | undefined, reporter: Reporter): void {
  if (located === null || input?.kind !== 'input' || input.attributes === null) return;
  const { ball, optionSpans, span } = located;
  const { range } = input.attributes;
  const note = { span: input.optionSpans.range ?? input.span, label: rangeLabel(input) };
  if (ball.norm === 'linf' && ball.box !== null && (ball.box[0] > range[0] || ball.box[1] < range[1])) {
    reporter.report(diagnose('box-outside-data', { box: ball.box, range }, optionSpans.box ?? span, [note]));
  }
  if (ball.norm === 'linf' && ball.epsilon >= range[1] - range[0]) {
    const values = { epsilon: ball.epsilon, range, box: ball.box };
    reporter.report(diagnose('epsilon-covers-range', values, optionSpans.epsilon ?? span, [note]));
  }
}

function rangeLabel({ optionSpans, attributes }: CallOf<'input'>): string {
  if (optionSpans.range === undefined) return 'its data lies in [0, 1] unless it says otherwise';
  return attributes === null ? '' : `its data lies in [${attributes.range.join(', ')}]`;
}

/** Warns of layers of the file that nothing uses; of a chain of them only the last is named. */
export function warnUnused(calls: readonly LayerCall[], needed: ReadonlySet<CallId>, reporter: Reporter): void {
  const used = new Set(calls.flatMap(({ operands }) => operands.map(({ id }) => id)));
  for (const call of calls) {
    if (needed.has(call.id) || used.has(call.id) || call.imported) continue;
    reporter.report(diagnose('unused-layer', { what: `${call.kind}()` }, call.span));
  }
}

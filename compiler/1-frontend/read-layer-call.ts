/** One call of the vocabulary: from its arguments to a checked `LayerCall`, ball or network. */
import { diagnose } from '../diagnostics/catalog.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import type { AnyDefinition } from '../layers/word.ts';
import type { SourceSpan } from '../shared/span.ts';
import type { AnyCall, LocatedBall, Operand } from './arch-ast.ts';
import { l2Options, linfOptions, networkOptions } from './network-options.ts';
import { layer as layerRule } from './option-rules.ts';
import { type OptionsCall, readOptions } from './read-options.ts';
import { type Argument, type BallValue, isObject, isUnknown, type NetworkValue } from './value.ts';

/** What a layer call says by itself; id, binding and caller are known where it is recorded. */
export type ReadLayer = Pick<AnyCall, 'kind' | 'operands' | 'attributes' | 'optionSpans' | 'name' | 'span'>;

export function readLayerCall(
  { kind, operands: count, positional, options }: AnyDefinition,
  parameters: readonly Argument[],
  span: SourceSpan,
  reporter: Reporter,
): ReadLayer {
  const of = `${kind}()`;
  const last = parameters.at(-1);
  const leading = count === 'twoOrMore' ? parameters.length - (last !== undefined && isOptions(last) ? 1 : 0) : count;
  const byPosition: Record<string, Argument> = {};
  const unnamed = parameters[leading];
  if (positional !== null && unnamed !== undefined) byPosition[positional] = unnamed;
  const before = leading + (positional === null ? 0 : 1);
  const given = readOptions({ of, span, reporter, named: true }, options, parameters[before], byPosition);
  const operands = parameters.slice(0, leading).map((operand, index) => readOperand(of, operand, index, reporter));
  const countIsRight = checkCount(of, count, leading, operands, parameters, before + 1, span, reporter);
  const complete = countIsRight ? given.complete : null;
  return { kind, operands, attributes: complete, optionSpans: given.spans, name: given.name, span };
}

const isOptions = ({ value }: Argument): boolean => isObject(value) || value === undefined;

function readOperand(of: string, { value, span }: Argument, index: number, reporter: Reporter): Operand {
  if (isUnknown(value)) return { id: null, span };
  return layerRule(value, { what: `operand ${index + 1} of ${of}`, span, reporter }) ?? { id: null, span };
}

function checkCount(
  of: string,
  count: 0 | 1 | 'twoOrMore',
  leading: number,
  operands: readonly Operand[],
  parameters: readonly Argument[],
  most: number,
  span: SourceSpan,
  reporter: Reporter,
): boolean {
  const expected = {
    0: 'a shape and options',
    1: 'one layer and options',
    twoOrMore: 'two or more layers and options',
  }[count];
  // Something else in the place of a layer was reported; how many there are is then no second mistake.
  const refused = operands.some(({ id }) => id === null);
  const enough = refused || (count === 'twoOrMore' ? leading >= 2 : parameters.length >= leading);
  const extra = parameters[most];
  if (enough && extra === undefined) return true;
  const found = `${parameters.length} ${parameters.length === 1 ? 'argument' : 'arguments'}`;
  reporter.report(diagnose('wrong-operand-count', { of, expected, found }, extra?.span ?? span));
  return false;
}

/** `linf({ epsilon, box? })` or `l2({ epsilon })`. */
export function readBallCall(
  norm: LocatedBall['ball']['norm'],
  parameters: readonly Argument[],
  span: SourceSpan,
  reporter: Reporter,
): BallValue {
  const call = { of: `${norm}()`, span, reporter, named: false };
  refuseExtra(call, parameters);
  if (norm === 'linf') {
    const { complete, spans } = readOptions(call, linfOptions, parameters[0]);
    return { kind: 'ball', ball: complete && { ball: { norm, ...complete }, optionSpans: spans, span } };
  }
  const { complete, spans } = readOptions(call, l2Options, parameters[0]);
  return { kind: 'ball', ball: complete && { ball: { norm, ...complete }, optionSpans: spans, span } };
}

/** `network({ input, output, ball })`. */
export function readNetworkCall(parameters: readonly Argument[], span: SourceSpan, reporter: Reporter): NetworkValue {
  const call = { of: 'network()', span, reporter, named: false };
  refuseExtra(call, parameters);
  const { values } = readOptions(call, networkOptions, parameters[0]);
  const network = { input: values.input ?? null, output: values.output ?? null, ball: values.ball?.ball ?? null, span };
  return { kind: 'network', network };
}

function refuseExtra({ of, reporter }: OptionsCall, parameters: readonly Argument[]): void {
  const extra = parameters[1];
  if (extra === undefined) return;
  const values = { of, expected: 'one object of options', found: `${parameters.length} arguments` };
  reporter.report(diagnose('wrong-operand-count', values, extra.span));
}

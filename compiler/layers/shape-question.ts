/** What the shape rules of all kinds say the same way: which input they speak of, and what is wrong with it. */
import type { AnyCall } from '../1-frontend/arch-ast.ts';
import { type DiagnosticCode, diagnose, type ProblemArguments } from '../diagnostics/catalog.ts';
import type { LabelledSpan } from '../diagnostics/diagnostic.ts';
import { invariant } from '../shared/assert.ts';
import { printShape, type Shape } from '../shared/shape.ts';
import type { ShapedInput, ShapeQuestion } from './definition.ts';

type Question = Omit<ShapeQuestion<unknown>, 'options'>;

export const firstShape = ({ inputs }: Question): Shape => inputs[0]?.shape ?? [];

/** The shape of the one input of a finished layer. */
export function onlyShape(inputs: readonly Shape[]): Shape {
  invariant(inputs.length === 1, `one input expected, ${inputs.length} found`);
  return inputs[0]!;
}

export function wrongRank(question: Question, of: string, expected: string, found: Shape, help: string): undefined {
  refuse(question, 'wrong-rank', { of, expected, found, help }, null, producers(question));
}

/** @param option the option to point at; the whole call when null or when the option is not written */
export function refuse<Code extends DiagnosticCode>(
  { call, reporter }: Question,
  code: Code,
  values: ProblemArguments[Code],
  option: string | null,
  notes: readonly LabelledSpan[] = [],
): undefined {
  const span = (option === null ? undefined : call.optionSpans[option]) ?? call.span;
  reporter.report(diagnose(code, values, span, [...notes, callNote(call)]));
}

/** Where the function that holds a call was called. */
export function callNote({ calledFrom }: AnyCall): LabelledSpan | null {
  return calledFrom && { span: calledFrom, label: 'in this call' };
}

export const producers = (question: Question): LabelledSpan[] =>
  question.inputs.map(input => producer(question, input));

/** Where an input comes from, with its shape. */
export function producer({ inputs }: Question, { shape, call }: ShapedInput): LabelledSpan {
  const number = inputs.length === 1 ? 'the input' : `operand ${inputs.findIndex(input => input.call === call) + 1}`;
  return { span: call.span, label: `${call.name ?? call.boundTo ?? number} is ${printShape(shape)}` };
}

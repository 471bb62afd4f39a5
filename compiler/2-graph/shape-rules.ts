/** For each kind of layer: from the shapes of its inputs to its own shape and final attributes, or a diagnostic. */

import type { CallAttributes, LayerCall } from '../1-frontend/arch-ast.ts';
import { type DiagnosticCode, diagnose, type ProblemArguments } from '../diagnostics/catalog.ts';
import type { LabelledSpan } from '../diagnostics/diagnostic.ts';
import type { Reporter } from '../diagnostics/reporter.ts';
import { isFloat32 } from '../shared/float32.ts';
import { printShape, type Shape, sameShape, sizeOf } from '../shared/shape.ts';
import type { LayerKind, LayerOf } from './layer.ts';
import { noPadding, paddedSize, samePadding, windowCounts } from './padding.ts';

/** A layer that is given to another. */
export interface ShapedInput {
  readonly shape: Shape;
  /** The call that made it. */
  readonly call: LayerCall;
}

/** What the graph adds to a call: its shape, and attributes in final form. */
export type Resolved<Kind extends LayerKind> = Omit<LayerOf<Kind>, 'kind' | 'id' | 'inputs' | 'span'>;

export interface ShapeQuestion<Kind extends LayerKind> {
  readonly call: LayerCall;
  readonly attributes: CallAttributes[Kind];
  readonly inputs: readonly ShapedInput[];
  readonly reporter: Reporter;
}

type ShapeRule<Kind extends LayerKind> = (question: ShapeQuestion<Kind>) => Resolved<Kind> | undefined;

export const largestLayer: number = 2 ** 28;

/** Every input has its shape when a rule is asked; the number of operands was checked when the call was read. */
export const shapeRules: { readonly [Kind in LayerKind]: ShapeRule<Kind> } = {
  input: ({ attributes }) => ({ shape: attributes.shape }),
  relu: question => ({ shape: firstShape(question) }),
  flatten: question => ({ shape: [sizeOf(firstShape(question))] }),
  conv2d: conv2dShape,
  dense: question => {
    const shape = firstShape(question);
    if (shape.length !== 1)
      return wrongRank(question, 'dense()', 'a vector [units]', shape, 'put flatten() before it: dense(flatten(x), …)');
    return { shape: [question.attributes.units], ...question.attributes };
  },
  reshape: question => {
    const from = firstShape(question);
    const to = question.attributes.shape;
    const [fromSize, toSize] = [sizeOf(from), sizeOf(to)];
    if (fromSize === toSize) return { shape: to };
    return refuse(question, 'reshape-size-mismatch', { from, to, fromSize, toSize }, 'shape', producers(question));
  },
  add: question => {
    const [first, ...others] = question.inputs;
    const other = others.find(({ shape }) => first !== undefined && !sameShape(shape, first.shape));
    if (first === undefined || other === undefined) return { shape: firstShape(question) };
    return refuse(question, 'add-shape-mismatch', { first: first.shape, other: other.shape }, null, [
      producer(question, first),
      producer(question, other),
    ]);
  },
  normalize: question => {
    const shape = firstShape(question);
    const channels = shape.at(-1) ?? 1;
    const mean = perChannel(question, 'mean', channels);
    const std = perChannel(question, 'std', channels);
    if (mean === undefined || std === undefined) return undefined;
    const far = mean.findIndex((value, channel) => !isFloat32(value / std[channel]!));
    if (far < 0) return { shape, mean, std };
    const value = `${mean[far]} / ${std[far]}`;
    const why = 'which is too large or too small for float32';
    return refuse(question, 'not-in-float32', { what: '`mean` / `std`', value, why }, 'mean');
  },
};

function conv2dShape(question: ShapeQuestion<'conv2d'>): Resolved<'conv2d'> | undefined {
  const shape = firstShape(question);
  const [height, width] = shape;
  if (shape.length !== 3 || height === undefined || width === undefined) {
    const help = 'give the input as [height, width, channels], or put reshape() before the convolution';
    return wrongRank(question, 'conv2d()', 'a map [height, width, channels]', shape, help);
  }
  const { filters, kernelSize, strides, padding: written, useBias } = question.attributes;
  const windows = { input: [height, width] as const, kernelSize, strides };
  const padding = written === 'same' ? samePadding(windows) : written === 'valid' ? noPadding : written;
  const [rows, columns] = windowCounts(windows, padding);
  if (rows === 0 || columns === 0) {
    const padded = paddedSize(windows.input, padding);
    return refuse(question, 'kernel-too-large', { kernel: kernelSize, padded }, 'kernelSize', producers(question));
  }
  return { shape: [rows, columns, filters], filters, kernelSize, strides, padding, useBias };
}

function perChannel(
  question: ShapeQuestion<'normalize'>,
  what: 'mean' | 'std',
  channels: number,
): readonly number[] | undefined {
  const given = question.attributes[what];
  if (typeof given === 'number') return Array.from({ length: channels }, () => given);
  if (given.length === channels) return given;
  return refuse(
    question,
    'channel-count-mismatch',
    { what: `\`${what}\``, given: given.length, channels },
    what,
    producers(question),
  );
}

interface AnyQuestion {
  readonly call: LayerCall;
  readonly inputs: readonly ShapedInput[];
  readonly reporter: Reporter;
}

const firstShape = ({ inputs }: AnyQuestion): Shape => inputs[0]?.shape ?? [];

function wrongRank(question: AnyQuestion, of: string, expected: string, found: Shape, help: string): undefined {
  refuse(question, 'wrong-rank', { of, expected, found, help }, null, producers(question));
}

/** @param option the option to point at; the whole call when null or when the option is not written */
function refuse<Code extends DiagnosticCode>(
  { call, reporter }: AnyQuestion,
  code: Code,
  values: ProblemArguments[Code],
  option: string | null,
  notes: readonly LabelledSpan[] = [],
): undefined {
  const span = (option === null ? undefined : call.optionSpans[option]) ?? call.span;
  reporter.report(diagnose(code, values, span, [...notes, callNote(call)]));
}

/** Where the function that holds a call was called. */
export function callNote({ calledFrom }: LayerCall): LabelledSpan | null {
  return calledFrom && { span: calledFrom, label: 'in this call' };
}

const producers = (question: AnyQuestion): LabelledSpan[] => question.inputs.map(input => producer(question, input));

/** Where an input comes from, with its shape. */
function producer({ inputs }: AnyQuestion, { shape, call }: ShapedInput): LabelledSpan {
  const number = inputs.length === 1 ? 'the input' : `operand ${inputs.findIndex(input => input.call === call) + 1}`;
  return { span: call.span, label: `${call.name ?? call.boundTo ?? number} is ${printShape(shape)}` };
}

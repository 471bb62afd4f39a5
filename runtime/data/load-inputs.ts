/** Examples that the user brings along in one safetensors file: `x` and `labels`. */
import path from 'node:path';
import * as v from 'valibot';
import { flag, text, wholeNumber } from '../border/argument-schemas.ts';
import { checkArgument } from '../border/check-argument.ts';
import { InputError } from '../errors.ts';
import { nonFinite } from '../weights/check-parameters.ts';
import { floatsOf, integersOf } from '../weights/float-values.ts';
import { isLayout, layouts, permuteAxes } from '../weights/layout.ts';
import { elementCount, type NamedTensor, printDims } from '../weights/named-tensor.ts';
import type { SafetensorsFile } from '../weights/parse-safetensors.ts';
import { readSafetensors } from '../weights/read-safetensors.ts';
import type { Dataset } from './dataset.ts';

export interface InputsOptions {
  /** Labels beyond are refused; without it there are as many classes as the labels show. */
  readonly classes?: number | undefined;
  /** False takes a file without labels, whose examples then all have the label 0. Default: true. */
  readonly needsLabels?: boolean | undefined;
}

const optionsSchema = v.strictObject(
  { classes: v.optional(wholeNumber(1)), needsLabels: v.optional(flag, true) },
  'it needs an object',
);

/**
 * Reads `x` `[count, …shape]` (floats, in the units of the network's input; channels last, or first when the metadata
 * `layout` is `pytorch`) and `labels` `[count]` (any integer type). Raises `InputError` when one is missing or does not
 * fit, a value is not finite, or a label is out of range.
 */
export async function loadInputs(file: string, options: InputsOptions = {}): Promise<Dataset> {
  checkArgument(text, file, 'loadInputs: file');
  const checked = checkArgument(optionsSchema, options, 'loadInputs: options');
  return inputsFrom(await readSafetensors(file), file, checked);
}

/** As `loadInputs`, from a file already read. */
export function inputsFrom(
  source: SafetensorsFile,
  file: string,
  { classes, needsLabels = true }: InputsOptions,
): Dataset {
  const layout = source.metadata.layout ?? 'tfjs';
  if (!isLayout(layout)) {
    throw new InputError(`${file}: its metadata layout is ${JSON.stringify(layout)}; known are ${layouts.join(', ')}`);
  }
  const x = tensorOf(source, 'x', file);
  const [count, ...shape] = x.shape;
  if (count === undefined || shape.length === 0 || elementCount(x.shape) === 0) {
    throw new InputError(
      `${file}: x has shape ${printDims(x.shape)}; it needs the number of examples, then the shape of one`,
    );
  }
  const values = floatsOf(x.dtype, x.data);
  if (values === null) {
    throw new InputError(
      `${file}: x is ${x.dtype}; it needs floating-point numbers (bytes of pixels are to be divided by 255)`,
    );
  }
  const bad = nonFinite('x', values, x.shape);
  if (bad !== null) throw new InputError(`${file}: ${bad}`);
  const labels =
    needsLabels || source.tensors.has('labels')
      ? labelsOf(tensorOf(source, 'labels', file), count, file, classes)
      : new Int32Array(count);
  const channelsFirst = layout === 'pytorch' && shape.length === 3;
  const stem = path.basename(file, path.extname(file));
  return {
    name: stem,
    split: 'inputs',
    count,
    shape: channelsFirst ? [shape[1]!, shape[2]!, shape[0]!] : shape,
    classes: classes ?? labels.reduce((most, label) => Math.max(most, label + 1), 1),
    images: channelsFirst ? permuteAxes(values, x.shape, [0, 2, 3, 1]) : values,
    labels,
    lineage: `inputs-${stem}`,
    files: [file],
  };
}

function tensorOf({ tensors }: SafetensorsFile, name: string, file: string): NamedTensor {
  const tensor = tensors.get(name);
  if (tensor !== undefined) return tensor;
  const held = tensors.size === 0 ? 'nothing' : [...tensors.keys()].slice(0, 12).join(', ');
  throw new InputError(`${file}: there is no tensor ${name}; inputs are x and labels, and it holds ${held}`);
}

function labelsOf(
  { dtype, shape, data }: NamedTensor,
  count: number,
  file: string,
  classes: number | undefined,
): Int32Array {
  const labels = integersOf(dtype, data);
  if (labels === null) throw new InputError(`${file}: labels are ${dtype}; they need an integer type`);
  if (shape.length !== 1 || shape[0] !== count) {
    throw new InputError(`${file}: labels have shape ${printDims(shape)}, and x holds ${count} examples`);
  }
  const limit = classes ?? 2 ** 31 - 1;
  const bad = labels.findIndex(label => label < 0 || label >= limit);
  if (bad >= 0) {
    throw new InputError(
      `${file}: labels[${bad}] is ${labels[bad]}, and there are ${limit} classes, 0 to ${limit - 1}`,
    );
  }
  return Int32Array.from(labels);
}

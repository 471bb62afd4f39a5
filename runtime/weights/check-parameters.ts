/** Compares the tensors of a file with the parameters of a network and says everything that does not fit. */
import type { ParameterMeta } from '../contract.ts';
import { type Layout, shapeIn } from './layout.ts';
import { printDims, printIndex } from './named-tensor.ts';
import { didYouMean } from './nearest-name.ts';

interface Shaped {
  readonly shape: readonly number[];
}

/** More names than this that the network does not know are counted, not listed. */
const listed = 40;

/** One line for each parameter without a tensor, tensor without a parameter, and shape that differs; shapes in `layout`. */
export function mismatches(
  tensors: ReadonlyMap<string, Shaped>,
  parameters: readonly ParameterMeta[],
  layout: Layout,
): string[] {
  const known = new Set(parameters.map(({ name }) => name));
  const unknown = [...tensors.keys()].filter(name => !known.has(name));
  const lines: string[] = [];
  for (const parameter of parameters) {
    const expected = shapeIn(layout, parameter);
    const shape = tensors.get(parameter.name)?.shape;
    if (shape === undefined) lines.push(`missing: ${parameter.name} ${printDims(expected)}`);
    else if (!sameDims(shape, expected)) {
      lines.push(
        `wrong shape: ${parameter.name} is ${printDims(shape)} in the file and ${printDims(expected)} in the network`,
      );
    }
  }
  const missing = parameters.map(({ name }) => name).filter(name => !tensors.has(name));
  for (const name of unknown.slice(0, listed)) {
    const shape = printDims(tensors.get(name)!.shape);
    lines.push(`unexpected: ${JSON.stringify(name)} ${shape}${didYouMean(name, missing)}`);
  }
  if (unknown.length > listed) lines.push(`unexpected: ${unknown.length - listed} more tensors`);
  return lines;
}

/** The first value that is not finite and how many there are; null when all are finite. */
export function nonFinite(name: string, data: Float32Array, shape: readonly number[]): string | null {
  const first = data.findIndex(value => !Number.isFinite(value));
  if (first < 0) return null;
  const count = data.reduce((sum, value) => sum + (Number.isFinite(value) ? 0 : 1), 0);
  return `not finite: ${name} is ${data[first]} at ${printIndex(first, shape)}${count > 1 ? ` (and at ${count - 1} more places)` : ''}`;
}

export const sameDims = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dim, axis) => dim === b[axis]);

import { showValue } from '../border/show-value.ts';
import { InputError } from '../errors.ts';
import { elementCount, printDims } from './named-tensor.ts';
import type { Weights } from './weights-from.ts';

/** Raises `InputError` unless each weight is a shape and the float32 numbers that fill it. `name` is whose argument they are. */
export function checkWeights(weights: Weights, name: string): void {
  if (typeof weights !== 'object' || weights === null) {
    throw new InputError(`${name} is ${showValue(weights)}: it needs a shape and data for each parameter, by name`);
  }
  const problems = Object.entries(weights).flatMap(([parameter, weight]) => {
    const { shape, data }: { shape?: unknown; data?: unknown } = weight ?? {};
    if (!Array.isArray(shape) || !shape.every(dim => Number.isSafeInteger(dim) && dim >= 0))
      return [`${parameter} has no shape of whole numbers`];
    if (!(data instanceof Float32Array)) return [`the data of ${parameter} is ${showValue(data)}, not a Float32Array`];
    const wanted = elementCount(shape);
    return data.length === wanted
      ? []
      : [`${parameter} ${printDims(shape)} needs ${wanted} numbers, not ${data.length}`];
  });
  if (problems.length > 0) throw new InputError(`${name}: ${problems.join('; ')}`);
}

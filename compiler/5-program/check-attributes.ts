/** What the attributes of one operation have to satisfy, before its shape can be inferred. */
import { InternalError } from '../shared/assert.ts';
import { type ProgramShape, printDims, sameDims } from './dim.ts';
import type { ConvGeometry, Op } from './tensor-program.ts';

/** @throws InternalError that says what is wrong, but not where. */
export function checkAttributes(op: Op, operands: readonly ProgramShape[]): void {
  const [first = [], second = [], third = []] = operands;
  switch (op.kind) {
    case 'conv2d':
    case 'transposedConv2d':
      checkRank(first, 4);
      checkRank(second, 4);
      checkGeometry(op);
      if (op.kind === 'transposedConv2d' && first[3] !== second[3])
        refuse(`${printDims(first)} has not the filters of the kernel ${printDims(second)}`);
      return;
    case 'conv2dKernelGradient':
      checkRank(first, 4);
      checkRank(second, 4);
      checkGeometry(op);
      if (first[0] !== second[0]) refuse(`${printDims(first)} and ${printDims(second)} differ in their examples`);
      return;
    case 'sum':
    case 'max':
      checkAxes(op.axes, first);
      return;
    case 'transpose':
      checkAxes(op.perm, first);
      if (op.perm.length !== first.length) refuse(`[${op.perm.join(', ')}] does not permute ${printDims(first)}`);
      return;
    case 'chunkRows':
      checkAxes([op.axis], first);
      return;
    case 'matMul':
      if (first.length !== 2 && first.length !== 3) refuse(`matMul of rank ${first.length}`);
      return;
    case 'oneHot':
      checkRank(first, 1);
      return;
    case 'windows':
    case 'pad':
      checkRank(first, 4);
      return;
    case 'cauchyScale':
      checkRank(first, 3);
      return;
    case 'cauchyScaleGradient':
      checkRank(first, 3);
      for (const perFeature of [second, third])
        if (!sameDims(perFeature, first.toSpliced(1, 1)))
          refuse(`${printDims(perFeature)} is not one number for each feature of ${printDims(first)}`);
      return;
    default:
      return;
  }
}

function refuse(message: string): never {
  throw new InternalError(message);
}

function checkRank(shape: ProgramShape, rank: number): void {
  if (shape.length !== rank) refuse(`${printDims(shape)} should have ${rank} axes`);
}

function checkAxes(axes: readonly number[], shape: ProgramShape): void {
  const valid = axes.every(axis => Number.isInteger(axis) && axis >= 0 && axis < shape.length);
  if (!valid || new Set(axes).size < axes.length)
    refuse(`[${axes.join(', ')}] are not different axes of ${printDims(shape)}`);
}

function checkGeometry({ strides, padding }: ConvGeometry): void {
  if (strides.length !== 2 || !strides.every(stride => Number.isInteger(stride) && stride >= 1))
    refuse(`strides are two positive integers, not [${strides.join(', ')}]`);
  if (padding.length !== 4 || !padding.every(pad => Number.isInteger(pad) && pad >= 0))
    refuse(`padding is four integers, none negative, not [${padding.join(', ')}]: top, bottom, left, right`);
}

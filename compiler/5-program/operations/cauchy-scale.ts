/** The scale of Cauchy samples, and its adjoint. */
import { runtimeCall, text } from '../../shared/expression.ts';
import { type ProgramShape, printDims, sameDims } from '../dim.ts';
import { type MemorySize, numbers, sizeOfTensor, sum, times } from '../memory-size.ts';
import { cauchyScale, cauchyScaleGradient } from '../reference/cauchy-scale.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { checkRank, dimOf, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { cheap, costly, noMacs, ordinary } from './ordinary.ts';

const estimate = {
  ...ordinary,
  attributes: { estimator: named('word', ['median', 'geometric', 'ml']) },
  family: 'estimate',
  effort: 'touched',
  macs: noMacs,
  elementwise: null,
} as const;

/** All three estimators together. */
const kernels: readonly string[] = [
  ...['Abs', 'Add', 'AvgPool', 'ClipByValue', 'Exp', 'ExpandDims', 'Log', 'Mean', 'Multiply', 'RealDiv', 'Relu'],
  ...['Reshape', 'Slice', 'Sqrt', 'Square', 'Step', 'Sub', 'Sum', 'TopK', 'Transpose'],
];

/** How many tensors as large as the samples are alive at once at most. */
const copies = { median: 4, geometric: 4, ml: 7 } as const;
const copiesOfGradient = { median: 18, geometric: 4, ml: 8 } as const;

/** Beside them some with one entry per feature, and single numbers. */
const workspace = (count: number, samples: ProgramShape, perFeature: ProgramShape): MemorySize =>
  sum(times(count, sizeOfTensor(samples)), times(32, sizeOfTensor(perFeature)), numbers(64));

export const cauchyScaleRows: Rows<'cauchyScale' | 'cauchyScaleGradient'> = {
  cauchyScale: {
    ...estimate,
    ...costly,
    arity: 1,
    check: (_op, [samples]) => checkRank(samples, 3),
    shape: (_op, [samples]) => [dimOf(samples, 0), dimOf(samples, 2)],
    kernels,
    workspace: (op, [samples = []], result) => workspace(copies[op.estimator], samples, result),
    evaluate: (op, [samples], shape) => cauchyScale(op.estimator, samples, shape),
    gradient: (b, instr, upstream) => [
      b.append({ kind: 'cauchyScaleGradient', estimator: instr.op.estimator }, [
        operandOf(instr, 0),
        instr.out,
        upstream,
      ]),
    ],
    print: (op, operands) => runtimeCall('cauchyScale', ...operands, text(op.estimator)),
  },
  cauchyScaleGradient: {
    ...estimate,
    ...cheap,
    arity: 3,
    check(_op, [samples = [], scale = [], upstream = []]) {
      checkRank(samples, 3);
      for (const perFeature of [scale, upstream])
        if (!sameDims(perFeature, samples.toSpliced(1, 1)))
          refuse(`${printDims(perFeature)} is not one number for each feature of ${printDims(samples)}`);
    },
    shape: (_op, [samples]) => samples ?? refuse('no operand'),
    kernels: [...kernels, 'Sign', 'ClipByValue', 'AddN'],
    workspace: (op, [samples = [], perFeature = []]) => workspace(copiesOfGradient[op.estimator], samples, perFeature),
    evaluate: (op, [samples, scale, upstream]) => cauchyScaleGradient(op.estimator, samples, scale, upstream),
    gradient: 'impossible',
    print: (op, operands) => runtimeCall('cauchyScaleGradient', ...operands, text(op.estimator)),
  },
};

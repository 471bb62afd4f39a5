/** The scale of samples that a tail bound is known for. */
import { number, runtimeCall } from '../../shared/expression.ts';
import { sizeOfTensor, times } from '../memory-size.ts';
import { geometricMeans } from '../reference/geometric-means.ts';
import { named } from './attributes.ts';
import { checkRank, dimOf, fixedDim, refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { costly, noMacs, ordinary } from './ordinary.ts';

export const geometricMeansRows: Rows<'geometricMeans'> = {
  geometricMeans: {
    ...ordinary,
    ...costly,
    arity: 1,
    attributes: { groups: named('number') },
    check({ groups }, [samples]) {
      checkRank(samples, 3);
      const rows = fixedDim(samples, 1);
      if (!Number.isInteger(groups) || groups < 1 || !Number.isInteger(Math.log2(rows / groups)))
        refuse(`${rows} samples are not ${groups} times a power of two`);
    },
    shape: (_op, [samples]) => [dimOf(samples, 0), dimOf(samples, 2)],
    family: 'estimate',
    effort: 'touched',
    macs: noMacs,
    kernels: ['Add', 'Max', 'Multiply', 'Reshape', 'Slice', 'Sqrt', 'Sum'],
    // The roots, their halves, and the products of these.
    workspace: (_op, [samples = []]) => times(3, sizeOfTensor(samples)),
    evaluate: ({ groups }, [samples], shape) => geometricMeans(groups, samples, shape),
    elementwise: null,
    gradient: 'impossible',
    print: ({ groups }, operands) => runtimeCall('geometricMeans', ...operands, number(groups)),
  },
};

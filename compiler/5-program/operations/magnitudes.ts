/** Magnitudes of parameters: an operation of its own, so that a module makes them once for all calls with the same ones. */
import { number, runtimeCall } from '../../shared/expression.ts';
import { shortFloat32 } from '../../shared/short-float32.ts';
import { nothing, numbers, sizeOfTensor, sum } from '../memory-size.ts';
import { operandOf } from './adjoint.ts';
import { named } from './attributes.ts';
import { refuse } from './conditions.ts';
import type { Rows } from './operation.ts';
import { cheap, noMacs, ordinary } from './ordinary.ts';

export const magnitudeRows: Rows<'magnitudes'> = {
  magnitudes: {
    ...ordinary,
    ...cheap,
    madeOnce: true,
    arity: 1,
    attributes: { floor: named('number') },
    check({ floor }) {
      if (!(floor >= 0)) refuse(`a floor of ${floor}`);
    },
    shape: (_op, [x]) => x ?? refuse('no operand'),
    family: 'elementwise',
    macs: noMacs,
    kernels: ['Abs', 'Add'],
    workspace: ({ floor }, _operands, result) => (floor === 0 ? nothing : sum(sizeOfTensor(result), numbers(1))),
    evaluate: ({ floor }, [x]) => x.data.map(entry => Math.abs(entry) + floor),
    elementwise: null,
    gradient: (b, instr, upstream) => [b.binary('mul', upstream, b.unary('sign', operandOf(instr, 0)))],
    print: ({ floor }, [x = refuse('no operand')]) => runtimeCall('magnitudes', x, number(shortFloat32(floor))),
  },
};

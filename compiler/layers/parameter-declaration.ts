/** A parameter as its layer declares it: everything that the stages and the runtime know of it. */
import type { InitialValues } from '../../runtime/contract.ts';
import { found } from '../shared/assert.ts';
import type { Shape } from '../shared/shape.ts';

export interface ParameterDeclaration {
  /** The parameter's name is `<layer>.<part>`. */
  readonly part: string;
  /** In the layout `tfjs`. */
  readonly shape: Shape;
  /** Changed by the gradient of a loss, or collected while training goes on. */
  readonly kind: 'trained' | 'running';
  readonly initial: InitialValues;
  readonly pytorch: {
    /** Axis `i` of PyTorch's tensor is axis `axes[i]` of the one in layout `tfjs`. */
    readonly axes: readonly number[];
    /** The axis along which the entries of the input's last axis stand; null when there is none. It follows the order that PyTorch gives them. */
    readonly inputAxis: number | null;
  };
}

/**
 * The parameters of a layer that multiplies its input by one kernel.
 * @param shape of the kernel in layout `tfjs`: sizes of the window, in, out
 * @param axes of the kernel for PyTorch
 */
export function kernelAndBias(shape: Shape, axes: readonly number[], useBias: boolean): ParameterDeclaration[] {
  const inputAxis = shape.length - 2;
  const out = found(shape.at(-1), 'size of an output axis');
  const window = shape.slice(0, inputAxis).reduce((product, dim) => product * dim, 1);
  const fanIn = window * found(shape[inputAxis], 'size of an input axis');
  const kernel: ParameterDeclaration = {
    part: 'weight',
    shape,
    kind: 'trained',
    initial: { kind: 'kernel', fanIn, fanOut: window * out },
    pytorch: { axes, inputAxis },
  };
  const bias: ParameterDeclaration = {
    part: 'bias',
    shape: [out],
    kind: 'trained',
    initial: { kind: 'bias', fanIn },
    pytorch: { axes: [0], inputAxis: null },
  };
  return useBias ? [kernel, bias] : [kernel];
}

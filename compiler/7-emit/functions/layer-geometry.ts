/**
 * How layers slide kernels over maps, named once in the module: `geometry.conv1` stands wherever a step of the layer would say its strides,
 * padding and sizes.
 */

import type { LayerGeometry } from '../../../runtime/ops/conv2d.ts';
import { blockOf } from '../../5-program/operands.ts';
import type { Instr, TensorProgram } from '../../5-program/tensor-program.ts';
import { found } from '../../shared/assert.ts';
import { type Expression, entry, name, numberList, object, runtimeCall, text } from '../../shared/expression.ts';
import type { LayerId } from '../../shared/ids.ts';
import { numbersIn } from './derived-slots.ts';

export interface Geometries {
  /** By layer, what is said of it. */
  readonly fields: readonly (readonly [layer: LayerId, fields: Fields])[];
  /** The step with the table in place of what it says itself. */
  readonly named: (instr: Instr, printed: Expression) => Expression;
  /** What `geometry.conv1` stands for. */
  readonly valueOf: (named: Expression) => Omit<LayerGeometry, 'inputSize'>;
}

type Fields = readonly (readonly [key: string, value: Expression])[];

/** `forward` is the network itself: a layer that is one convolution there has an entry. */
export function geometriesOf(forward: TensorProgram): Geometries {
  const steps = nested(forward.body);
  const shapes = new Map(steps.map(({ out, shape }) => [out, shape]));
  const sizeOf = ({ args }: Instr, operand: number, axis: number): Expression =>
    numberList((shapes.get(found(args[operand], 'an operand')) ?? []).slice(axis, axis + 2).map(Number));
  const fields = new Map<LayerId, Fields | null>();
  for (const instr of steps) {
    const { op, origin } = instr;
    if (op.kind !== 'conv2d' || origin.layer === null) continue;
    const isSecond = fields.has(origin.layer);
    fields.set(
      origin.layer,
      isSecond
        ? null
        : [
            ['strides', numberList(op.strides)],
            ['padding', numberList(op.padding)],
            ['inputSize', sizeOf(instr, 0, 1)],
            ['kernelSize', sizeOf(instr, 1, 0)],
          ],
    );
  }
  const one = [...fields].flatMap(([layer, its]) => (its === null ? [] : [[layer, its] as const]));
  const byLayer = new Map<string, Fields>(one);
  return {
    fields: one,
    named({ origin }, printed) {
      const its = origin.layer === null ? undefined : byLayer.get(origin.layer);
      if (its === undefined || origin.layer === null || printed.kind !== 'call') return printed;
      const own = entry(name('geometry'), text(origin.layer));
      return { ...printed, args: printed.args.map(arg => inTermsOf(own, its, arg) ?? arg) };
    },
    valueOf(named) {
      const layer = named.kind === 'entry' && named.key.kind === 'text' ? named.key.value : '';
      const its = new Map(found(byLayer.get(layer), `geometry of ${layer}`));
      const list = (key: string): number[] => numbersIn(found(its.get(key), key));
      const [first = 0, second = 0] = list('strides');
      const [top = 0, bottom = 0, left = 0, right = 0] = list('padding');
      const [height = 0, width = 0] = list('kernelSize');
      return { strides: [first, second], padding: [top, bottom, left, right], kernelSize: [height, width] };
    },
  };
}

const nested = (body: readonly Instr[]): Instr[] =>
  body.flatMap(instr => [instr, ...nested(blockOf(instr.op)?.body ?? [])]);

function inTermsOf(own: Expression, fields: Fields, arg: Expression): Expression | null {
  if (arg.kind !== 'object') return null;
  const known = new Map(fields);
  const said = new Map(arg.fields);
  if (!said.has('strides') || !said.has('padding')) return null;
  const isAsSaid = ([key, value]: readonly [string, Expression]): boolean => isSame(value, known.get(key));
  if (arg.fields.every(isAsSaid)) return own;
  const inputSize = said.get('inputSize');
  const isBetweenWindows =
    arg.fields.length === 3 &&
    inputSize !== undefined &&
    isSame(said.get('strides'), known.get('strides')) &&
    isSame(said.get('padding'), numberList([0, 0, 0, 0]));
  return isBetweenWindows ? runtimeCall('onWindow', own, inputSize) : null;
}

const isSame = (one: Expression | undefined, other: Expression | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The table itself. */
export const geometryTable = ({ fields }: Geometries): Expression =>
  object(fields.map(([layer, its]) => [layer, object(its)]));

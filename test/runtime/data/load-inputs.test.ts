import { describe, expect, it } from 'vitest';
import { inputsFrom } from '../../../runtime/data/load-inputs.ts';
import { InputError } from '../../../runtime/errors.ts';
import { encodeSafetensors } from '../../../runtime/weights/encode-safetensors.ts';
import type { NamedTensor } from '../../../runtime/weights/named-tensor.ts';
import { parseSafetensors } from '../../../runtime/weights/parse-safetensors.ts';

const x: NamedTensor = {
  name: 'x',
  dtype: 'F32',
  shape: [2, 2, 1, 3],
  data: Float32Array.from({ length: 12 }, (_, at) => at / 12),
};
const labels: NamedTensor = { name: 'labels', dtype: 'I64', shape: [2], data: BigInt64Array.of(3n, 0n) };
const read = (tensors: readonly NamedTensor[], metadata = {}, classes?: number) =>
  inputsFrom(parseSafetensors(encodeSafetensors(tensors, metadata), 'in.safetensors'), 'in.safetensors', { classes });

describe('inputsFrom', () => {
  it('reads channels last', () => {
    const dataset = read([x, labels]);
    expect(dataset).toMatchObject({
      name: 'in',
      split: 'inputs',
      count: 2,
      shape: [2, 1, 3],
      classes: 4,
      images: x.data,
    });
    expect([...dataset.labels]).toEqual([3, 0]);
  });

  it('reads channels first when the metadata says so', () => {
    const dataset = read([{ ...x, shape: [2, 3, 2, 1] }, labels], { layout: 'pytorch' }, 10);
    expect([dataset.shape, dataset.classes]).toEqual([[2, 1, 3], 10]);
    // Entry [c, y] of an example at 2 c + y goes to [y, c].
    expect([...dataset.images].map(value => Math.round(12 * value))).toEqual([0, 2, 4, 1, 3, 5, 6, 8, 10, 7, 9, 11]);
  });

  it.each([
    ['U8', Uint8Array.of(3, 0)],
    ['I8', Int8Array.of(3, 0)],
    ['I16', Int16Array.of(3, 0)],
    ['U16', Uint16Array.of(3, 0)],
    ['I32', Int32Array.of(3, 0)],
    ['U32', Uint32Array.of(3, 0)],
    ['U64', BigUint64Array.of(3n, 0n)],
  ] as const)('reads labels of type %s', (dtype, data) => {
    expect([...read([x, { name: 'labels', dtype, shape: [2], data }]).labels]).toEqual([3, 0]);
  });

  it.each([
    ['no x', [labels], /there is no tensor x; inputs are x and labels, and it holds labels/],
    ['no labels', [x], /there is no tensor labels/],
    [
      'bytes of pixels',
      [{ ...x, dtype: 'U8', data: new Uint8Array(12) }, labels],
      /x is U8; it needs floating-point numbers/,
    ],
    ['a vector', [{ ...x, shape: [12] }, labels], /x has shape \[12\]; it needs the number of examples/],
    ['no examples', [{ ...x, shape: [0, 3], data: new Float32Array() }, labels], /x has shape \[0, 3\]/],
    ['NaN', [{ ...x, data: new Float32Array(12).fill(Number.NaN, 4, 5) }, labels], /x is NaN at \[0, 1, 0, 1\]/],
    [
      'labels that are floats',
      [x, { ...labels, dtype: 'F64', data: new Float64Array(2) }],
      /labels are F64; they need an integer type/,
    ],
    [
      'another number of labels',
      [x, { ...labels, shape: [1], data: BigInt64Array.of(1n) }],
      /labels have shape \[1\], and x holds 2 examples/,
    ],
    [
      'a negative label',
      [x, { ...labels, data: BigInt64Array.of(0n, -1n) }],
      /labels\[1\] is -1, and there are 3 classes/,
    ],
    ['a label out of range', [x, labels], /labels\[0\] is 3, and there are 3 classes, 0 to 2/],
  ] as [string, NamedTensor[], RegExp][])('refuses %s', (_, tensors, message) => {
    expect(() => read(tensors, {}, 3)).toThrow(InputError);
    expect(() => read(tensors, {}, 3)).toThrow(message);
  });

  it('refuses a layout it does not know', () => {
    expect(() => read([x, labels], { layout: 'NCHW' })).toThrow(/layout is "NCHW"; known are tfjs, pytorch/);
  });
});

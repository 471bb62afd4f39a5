import { describe, expect, it } from 'vitest';
import { opKey } from '../../../compiler/5-program/op-key.ts';
import type { Op } from '../../../compiler/5-program/tensor-program.ts';

describe('opKey', () => {
  it('does not depend on the order of attributes', () => {
    const op: Op = { kind: 'transposedConv2d', strides: [1, 2], padding: [0, 0, 0, 0], inputSize: [4, 4] };
    const same: Op = { inputSize: [4, 4], padding: [0, 0, 0, 0], kind: 'transposedConv2d', strides: [1, 2] };
    expect(opKey(op)).toBe(opKey(same));
    expect(opKey({ ...op, strides: [2, 1] })).not.toBe(opKey(op));
  });

  it('tells apart numbers that JSON does not', () => {
    const values = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-30];
    expect(new Set(values.map(value => opKey({ kind: 'constant', value }))).size).toBe(values.length);
    expect(opKey({ kind: 'vector', values: [0] })).not.toBe(opKey({ kind: 'vector', values: [-0] }));
  });
});

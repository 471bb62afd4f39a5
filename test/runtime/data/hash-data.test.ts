import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { hashDataset, hashExamples } from '../../../runtime/data/hash-data.ts';

const values = Float32Array.of(0, 1, 0.5, -2);
const labels = Int32Array.of(1, 258);

it('hashes are of the bytes, values before labels', () => {
  const bytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x3f, 0, 0, 0, 0xc0, 1, 0, 0, 0, 2, 1, 0, 0);
  const expected = createHash('sha256').update(bytes).digest('hex');
  expect(hashExamples({ values, labels })).toBe(expected);
  const dataset = { name: 'x', split: 'train', count: 2, shape: [2], classes: 300, lineage: 'x', files: [] } as const;
  expect(hashDataset({ ...dataset, images: values, labels })).toBe(expected);
  expect(hashDataset({ ...dataset, images: Uint8Array.of(0, 1), labels })).not.toBe(expected);
});

it('one value or label that differs makes another one, also in a part of a larger array', () => {
  const own = hashExamples({ values, labels });
  expect(hashExamples({ values: values.with(3, -2.0000002), labels })).not.toBe(own);
  expect(hashExamples({ values, labels: labels.with(0, 0) })).not.toBe(own);
  const longer = Float32Array.of(9, ...values, 9);
  expect(hashExamples({ values: longer.subarray(1, 5), labels })).toBe(own);
});

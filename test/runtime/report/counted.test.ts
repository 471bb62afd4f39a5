import { expect, it } from 'vitest';
import { counted } from '../../../runtime/report/counted.ts';

it('a count has the number of its noun', () => {
  expect([0, 1, 2, 0.5].map(count => counted(count, 'epoch'))).toEqual([
    '0 epochs',
    '1 epoch',
    '2 epochs',
    '0.5 epochs',
  ]);
});

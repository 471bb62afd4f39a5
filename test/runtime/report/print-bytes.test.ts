import { expect, it } from 'vitest';
import { printBytes } from '../../../runtime/report/print-bytes.ts';

it.each([
  [12, '12 B'],
  [1000, '0.977 KiB'],
  [2 ** 30, '1 GiB'],
  [1.5 * 2 ** 20, '1.5 MiB'],
  [812.4 * 2 ** 20, '812 MiB'],
])('prints %d as %s', (bytes, text) => expect(printBytes(bytes)).toBe(text));
